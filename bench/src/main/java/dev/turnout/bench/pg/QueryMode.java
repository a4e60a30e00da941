package dev.turnout.bench.pg;

import dev.turnout.bench.load.Options;
import java.util.Properties;
import picocli.CommandLine.ITypeConverter;

/** How statements travel; the names are those of pgbench. */
enum QueryMode {
    /** As text, in one message. */
    SIMPLE("simple", 0),
    /** Parsed anew each time: parse, bind, execute. */
    EXTENDED("extended", 0),
    /** Parsed once for each connection, under a name. */
    PREPARED("extended", 1);

    private final String preferred;
    private final int prepareThreshold;

    QueryMode(String preferred, int prepareThreshold) {
        this.preferred = preferred;
        this.prepareThreshold = prepareThreshold;
    }

    /** In words of the driver. */
    void addTo(Properties properties) {
        properties.setProperty("preferQueryMode", preferred);
        properties.setProperty("prepareThreshold", Integer.toString(prepareThreshold));
    }

    /** Reads the name of one. */
    static final class Converter implements ITypeConverter<QueryMode> {
        @Override
        public QueryMode convert(String text) {
            return Options.named(QueryMode.class, text);
        }
    }
}
