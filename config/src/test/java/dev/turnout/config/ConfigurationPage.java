package dev.turnout.config;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** {@code docs/configuration.md}: what {@code reference.conf} says, as a page with a section for each object. */
final class ConfigurationPage {
    /** Makes the page anew. */
    static final String COMMAND = "mvn test -pl config -Dtest=ConfigurationPageTest -Dturnout.docs.write=true";

    private static final Pattern REQUIRED = Pattern.compile("(^|[.;] )Required[.,;]");
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9.%_-]+");

    private final StringBuilder contents = new StringBuilder();
    private final StringBuilder sections = new StringBuilder();

    private ConfigurationPage() {}

    static String text() {
        ConfigurationPage page = new ConfigurationPage();
        ConfigValue turnout = members(Shape.root().section()).getFirst().getValue();
        page.section("turnout", "Everything stands in this object.\n\n", (ConfigObject) turnout);
        return "# Configuration\n\n"
                + "Generated from [`reference.conf`](../config/src/main/resources/reference.conf), whose words these are;\n"
                + "`" + COMMAND + "` makes it anew.\n\n"
                + comment(turnout)
                + page.contents + "\n"
                + page.sections.toString().stripTrailing() + "\n";
    }

    /** One object: first its values, then the objects in it. */
    private void section(String path, String explanation, ConfigObject section) {
        contents.append("- [`" + path + "`](#" + path.replaceAll("[^a-z0-9-]", "") + ")\n");
        sections.append("## `" + path + "`\n\n" + explanation);
        List<Map.Entry<String, ConfigValue>> members = members(section);
        members.forEach(member -> key(path + "." + member.getKey(), member.getValue()));
        members.forEach(member -> inner(path + "." + member.getKey(), member.getValue()));
    }

    private void key(String path, ConfigValue value) {
        if (!(value instanceof ConfigObject)) {
            sections.append("**`" + path + "`**: " + holds(path, value) + "; " + otherwise(value) + ".\n\n"
                    + comment(value));
        }
    }

    private void inner(String path, ConfigValue value) {
        if (value instanceof ConfigObject object) {
            section(path, comment(value), object);
        } else if (value instanceof ConfigList list && list.getFirst() instanceof ConfigObject element) {
            section(path + "[]", "Each object in the list `" + path + "`.\n\n", element);
        }
    }

    private static String holds(String path, ConfigValue value) {
        if (!(value instanceof ConfigList list)) {
            return path.endsWith(">") ? "one value under a name of your own" : "one value";
        }
        if (list.getFirst() instanceof ConfigObject) {
            return "a list of `" + path + "[]`";
        }
        return words(value).contains("or a list of") ? "one value or a list" : "a list";
    }

    /** What becomes of it when it is left out; the comment says the rest. */
    private static String otherwise(ConfigValue value) {
        if (Shown.isScalar(value)) {
            String plain = Shown.plain(value);
            return "default `" + (PLAIN.matcher(plain).matches() ? plain : ConfigUtil.quoteString(plain))
                    + "`";
        }
        if (value instanceof ConfigList list && Shown.isScalar(list.getFirst())) {
            return "default `" + value.render(ConfigRenderOptions.concise()) + "`";
        }
        return REQUIRED.matcher(words(value)).find() ? "required" : "may be left out";
    }

    private static String words(ConfigValue value) {
        return String.join(" ", value.origin().comments()).strip().replaceAll(" +", " ");
    }

    /** Its paragraphs and list items, each with what Markdown takes for its own marked as plain text. */
    private static String comment(ConfigValue value) {
        StringBuilder text = new StringBuilder();
        for (String line : value.origin().comments()) {
            String plain = line.stripTrailing().replaceAll("[*<>\\[\\]]|(?<=^ ?)#", "\\\\$0");
            text.append(plain.startsWith(" ") ? plain.substring(1) : plain).append('\n');
        }
        return text.append('\n').toString();
    }

    /** In the order of the file. */
    private static List<Map.Entry<String, ConfigValue>> members(ConfigObject section) {
        List<Map.Entry<String, ConfigValue>> members = new ArrayList<>(section.entrySet());
        members.sort(Comparator.comparingInt(member -> member.getValue().origin().lineNumber()));
        return members;
    }
}
