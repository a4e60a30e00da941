package dev.turnout.proxy.pg.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.ValueSource;

class VerifierTest {
    private static final String SECRET = "SCRAM-SHA-256$4096:PhZEOihLLk1v/LFopUP/Ig==$"
            + "I8N/cvmKikcXaydweQj3NDyYELep0svVn6NzGy4VSd0=:xSvzGGifdL/wOl5/ongQmks1I1i0VpCOzItGxdkbSSU=";
    private static final byte[] NONCE = {1, 2, 3};

    @ParameterizedTest
    @CsvFileSource(resources = "verifiers.txt", delimiter = ' ')
    void isWhatPostgresMakesOfThePassword(String password, String text) {
        Verifier kept = Verifier.parse(text);
        String clear = new String(HexFormat.of().parseHex(password), StandardCharsets.UTF_8);
        assertThat(Verifier.of(clear, kept.salt(), kept.iterations())).isEqualTo(kept);
    }

    @Test
    void hasThePartsOfItsText() {
        Verifier verifier = Verifier.parse(SECRET);
        assertThat(verifier.iterations()).isEqualTo(4096);
        assertThat(Scram.base64(verifier.salt())).isEqualTo("PhZEOihLLk1v/LFopUP/Ig==");
        assertThat(Scram.base64(verifier.storedKey()))
                .isEqualTo("I8N/cvmKikcXaydweQj3NDyYELep0svVn6NzGy4VSd0=");
        assertThat(Scram.base64(verifier.serverKey()))
                .isEqualTo("xSvzGGifdL/wOl5/ongQmks1I1i0VpCOzItGxdkbSSU=");
        assertThat(verifier.isMock()).isFalse();
    }

    @Test
    void cannotBeChangedFromOutside() {
        Verifier verifier = Verifier.parse(SECRET);
        verifier.storedKey()[0] ^= 1;
        verifier.salt()[0] ^= 1;
        verifier.serverKey()[0] ^= 1;
        assertThat(verifier).isEqualTo(Verifier.parse(SECRET));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "secret", "md5b52328d7451bfeace80c4b8c338106f9", "SCRAM-SHA-256$",
        SECRET + " ",
        SECRET + ":", "SCRAM-SHA-256$0:QQ==$QQ==:QQ==", "SCRAM-SHA-256$4096:QQ==$QQ==:QQ==",
        "SCRAM-SHA-1$4096:PhZEOihLLk1v/LFopUP/Ig==$I8N/cvmKikcXaydweQj3NDyYELep0svVn6NzGy4VSd0=:"
                + "xSvzGGifdL/wOl5/ongQmks1I1i0VpCOzItGxdkbSSU="})
    void refusesEverythingElseWithoutShowingIt(String text) {
        assertThatThrownBy(() -> Verifier.parse(text)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("verifier: not shown (expected: SCRAM-SHA-256$")
                .hasNoCause()
                .message()
                .doesNotContain("QQ==", "PhZE", "b52328");
    }

    @ParameterizedTest
    @ValueSource(strings = {"4096", "PhZEOihLLk1v/LFopUP/Ig==",
        "I8N/cvmKikcXaydweQj3NDyYELep0svVn6NzGy4VSd0="})
    void refusesItWithABrokenPart(String part) {
        for (String broken : new String[]{"", "-1", "4 ", "PhZEOihLLk1v/LFopUP/Ih==",
            "PhZEOihLLk1v/LFopUP/Ig",
            "*", "99999999999"}) {
            String text = SECRET.replace(part, broken);
            assertThatThrownBy(() -> Verifier.parse(text)).as(broken)
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void tellsWhatIsMeantToBeOne() {
        assertThat(Verifier.isVerifier(SECRET)).isTrue();
        assertThat(Verifier.isVerifier("SCRAM-SHA-256$typo")).as("a typing mistake is no password").isTrue();
        assertThat(Verifier.isVerifier("SCRAM-SHA-256")).isFalse();
        assertThat(Verifier.isVerifier("md5b52328d7451bfeace80c4b8c338106f9")).isFalse();
    }

    @Test
    void isEqualToOneOfTheSamePartsOnly() {
        Verifier verifier = Verifier.parse(SECRET);
        assertThat(verifier).isEqualTo(Verifier.parse(SECRET)).hasSameHashCodeAs(Verifier.parse(SECRET));
        assertThat(verifier).isNotEqualTo(Verifier.parse(SECRET.replace("4096", "4097")))
                .isNotEqualTo(Verifier.parse(SECRET.replace("PhZE", "PhZF")))
                .isNotEqualTo(Verifier.parse(SECRET.replace("I8N/", "I8N+")))
                .isNotEqualTo(Verifier.parse(SECRET.replace("xSvz", "xSvy")))
                .isNotEqualTo(SECRET);
    }

    @Test
    void aMockHasAlwaysTheSameSaltForAUserAndAnotherForOthers() {
        Verifier mock = Verifier.mock("nobody", NONCE);
        assertThat(mock.isMock()).isTrue();
        assertThat(mock.iterations()).isEqualTo(4096);
        assertThat(mock.salt()).hasSize(16).isEqualTo(Verifier.mock("nobody", NONCE).salt());
        assertThat(mock.salt()).isNotEqualTo(Verifier.mock("nobodz", NONCE).salt());
        assertThat(mock.salt()).as("nobody outside can compute it")
                .isNotEqualTo(Verifier.mock("nobody", new byte[]{9}).salt());
    }
}
