package dev.turnout.proxy.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.Protocol;
import dev.turnout.config.Target;
import dev.turnout.proxy.failure.Kind;
import dev.turnout.proxy.failure.SessionFailure;
import dev.turnout.proxy.metrics.access.AccessLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MetricsPageTest {
    private static final Path PAGE = Path.of(System.getProperty("turnout.root", ".."), "docs", "metrics.md");
    private static final String COMMAND = "mvn test -pl proxy -am -Dtest=MetricsPageTest "
            + "-Dsurefire.failIfNoSpecifiedTests=false -Dturnout.docs.write=true";
    private static final Pattern SAMPLE = Pattern.compile("([a-z_]+)(?:\\{(.*)})? \\S+");
    private static final Pattern LABEL = Pattern.compile("([a-z]+)=\"([^\"]*)\"");
    /** What Prometheus puts behind the name of a histogram, and the label that tells its buckets apart. */
    private static final Pattern OF_HISTOGRAM = Pattern.compile("_(bucket|count|sum)$");

    /** One series as it was exported. */
    private record Series(String name, Map<String, String> labels) {
        static Series of(String line) {
            Matcher sample = SAMPLE.matcher(line);
            assertThat(sample.matches()).as(line).isTrue();
            Map<String, String> labels = new TreeMap<>();
            if (sample.group(2) != null) {
                for (MatchResult label : LABEL.matcher(sample.group(2)).results().toList()) {
                    labels.put(label.group(1), label.group(2));
                }
            }
            return new Series(sample.group(1), labels);
        }

        boolean of(Meter meter) {
            return meter.fullName().equals(meter.type() == Meter.Type.HISTOGRAM
                    ? OF_HISTOGRAM.matcher(name).replaceFirst("")
                    : name);
        }
    }

    /** A scrape of meters that have all counted everything that they can. */
    private static List<Series> everything() throws IOException {
        RouteMeters counted = new RouteMeters(1, 0);
        for (Target target : Target.values()) {
            RequestMeters side = counted.requests(0, target);
            for (int rung = 0; rung < RequestMeters.RUNGS.size(); rung++) {
                side.decided(rung);
            }
            for (Outcome outcome : Outcome.values()) {
                side.started();
                side.ended(outcome, 1_000_000);
            }
        }
        for (Kind kind : Kind.values()) {
            counted.listener(0).refused(kind);
        }
        Map<Target, MeteredRoute.Endpoints> endpoints = new EnumMap<>(Target.class);
        for (Target target : Target.values()) {
            endpoints.put(target, new MeteredRoute.Endpoints(() -> 1, () -> 1, () -> 1, () -> 1, () -> 1));
        }
        Meters meters = new Meters();
        meters.routes(() -> List
                .of(new MeteredRoute("shop", counted, () -> 0.5, endpoints, Optional::empty),
                        new MeteredRoute("shop-db", postgres(), () -> 0.5, endpoints, Optional::empty)));
        meters.eventLoop(0, () -> 0);
        meters.control(new ControlMeters());
        meters.journal(() -> 1);
        meters.process("1", () -> 1);
        try (AccessLog log = AccessLog.open("/dev/null")) {
            meters.accessLog(log);
            return meters.scrape().lines().filter(line -> !line.startsWith("#")).map(Series::of).toList();
        }
    }

    private static RouteMeters postgres() {
        RouteMeters counted = new RouteMeters(Protocol.POSTGRESQL, 1, 0);
        for (Target target : Target.values()) {
            SessionMeters side = counted.sessions(0, target);
            for (int rung = 0; rung < RequestMeters.RUNGS.size(); rung++) {
                side.decided(rung);
            }
            for (String errors : SqlStateClasses.LABELS) {
                side.error((byte) errors.charAt(0), (byte) errors.charAt(1));
            }
            side.served(1_000_000, false);
        }
        for (SessionFailure failure : SessionFailure.values()) {
            counted.sessionListener(0).failed(failure);
        }
        return counted;
    }

    @Test
    void thePageIsWhatTheCodeSays() throws IOException {
        if (Boolean.getBoolean("turnout.docs.write")) {
            Files.writeString(PAGE, MetricsPage.text());
        }
        assertThat(Files.exists(PAGE) ? Files.readString(PAGE) : "")
                .as("docs/metrics.md, made by: " + COMMAND)
                .isEqualTo(MetricsPage.text());
    }

    @Test
    void nothingIsExportedThatThePageDoesNotTellOf() throws IOException {
        assertThat(everything())
                .allMatch(series -> Arrays.stream(Meter.values()).filter(series::of).count() == 1);
    }

    @ParameterizedTest
    @EnumSource
    void everyMeterIsExportedWithTheLabelsOfThePage(Meter meter) throws IOException {
        String[] names = meter.labels().stream().map(Label::name).toArray(String[]::new);
        assertThat(everything()).filteredOn(series -> series.of(meter)).isNotEmpty().allSatisfy(series -> {
            assertThat(series.labels().keySet()).filteredOn(name -> !name.equals("le"))
                    .containsExactlyInAnyOrder(names);
            assertThat(series.labels().containsKey("le")).isEqualTo(series.name().endsWith("_bucket"));
        });
    }

    @ParameterizedTest
    @EnumSource
    void everyValueOfThePageIsExportedAndNoOther(Meter meter) throws IOException {
        List<Series> exported = new ArrayList<>(everything());
        exported.removeIf(series -> !series.of(meter));
        for (Label label : meter.labels()) {
            if (!label.values().isEmpty()) {
                assertThat(exported).extracting(series -> series.labels().get(label.name()))
                        .as("values of %s", label.name())
                        .containsOnly(label.values().toArray(String[]::new));
            }
        }
    }

    @Test
    void metersStandInTheOrderOfTheirNames() {
        assertThat(Meter.values()).extracting(Meter::fullName)
                .isSortedAccordingTo(
                        (some, more) -> some.replace("_total", "").compareTo(more.replace("_total", "")))
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @EnumSource
    void aNameSaysWhatIsCounted(Meter meter) {
        assertThat(meter.fullName()).startsWith("turnout_").matches("[a-z_]+");
        assertThat(meter.fullName().endsWith("_total")).isEqualTo(meter.type() == Meter.Type.COUNTER);
        assertThat(meter.fullName().endsWith("_info")).isEqualTo(meter.type() == Meter.Type.INFO);
    }
}
