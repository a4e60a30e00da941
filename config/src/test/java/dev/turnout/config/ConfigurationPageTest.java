package dev.turnout.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** {@code docs/configuration.md} says what {@code reference.conf} does. */
class ConfigurationPageTest {
    private static final Path PAGE = Path.of(System.getProperty("turnout.root", ".."), "docs",
            "configuration.md");

    @Test
    void thePageIsTheOneThatReferenceConfMakes() throws IOException {
        String page = ConfigurationPage.text();
        if (Boolean.getBoolean("turnout.docs.write")) {
            Files.writeString(PAGE, page);
        }
        String stands = Files.exists(PAGE) ? Files.readString(PAGE) : "";

        assertThat(stands.equals(page))
                .as("docs/configuration.md is what reference.conf makes; if not: "
                        + ConfigurationPage.COMMAND)
                .isTrue();
    }

    @Test
    void everyKeyStandsOnThePageOnce() {
        String page = ConfigurationPage.text();

        for (String key : DocumentedKeys.all().keySet()) {
            assertThat(page.split("(\\*\\*|## )`" + Pattern.quote(key) + "`", -1)).as(key)
                    .hasSize(2);
        }
    }

    @Test
    void eachKeySaysWhatItHoldsAndWhatHoldsWithoutIt() {
        assertThat(ConfigurationPage.text()).contains(
                "**`turnout.admin.listen`**: one value; default `\"127.0.0.1:9901\"`.\n\nWhere it listens",
                "**`turnout.routes.<name>.split.green`**: one value; default `0%`.",
                "**`turnout.routes.<name>.headers.trust`**: a list; default `[\"127.0.0.0/8\",\"::1/128\"]`.",
                "**`turnout.routes.<name>.green.endpoints`**: a list; required.",
                "**`turnout.admin.tokens[].name`**: one value; required.",
                "**`turnout.routes.<name>.split.rules[].when.client`**: one value or a list; may be left out.",
                "**`turnout.event-loops`**: one value; may be left out.");
    }
}
