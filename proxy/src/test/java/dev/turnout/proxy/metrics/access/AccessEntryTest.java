package dev.turnout.proxy.metrics.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AccessEntryTest {
    private static final String LONG = "x".repeat(16 * 1024);

    @Test
    void keepsAPathOfTheGreatestLengthWhole() {
        String path = "x".repeat(AccessEntry.MAX_PATH);
        assertThat(Entries.of(path).path()).isSameAs(path);
    }

    @Test
    void cutsALongerPathAndSaysSo() {
        assertThat(Entries.of("y" + LONG).path()).startsWith("yx").endsWith("x\u2026")
                .hasSize(AccessEntry.MAX_PATH + 1);
    }

    @Test
    void holdsNothingElseThatAClientMadeLong() {
        AccessEntry entry = new AccessEntry(0, "c", "r", "blue", null, -1, null, LONG, LONG, 200, null, LONG,
                0,
                0, 1, 1, 0);
        assertThat(entry.method()).hasSize(AccessEntry.MAX_METHOD + 1).endsWith("\u2026");
        assertThat(entry.requestId()).hasSize(AccessEntry.MAX_REQUEST_ID + 1).endsWith("\u2026");
        assertThat(entry.weight()).isLessThan(3 * 1024);
    }
}
