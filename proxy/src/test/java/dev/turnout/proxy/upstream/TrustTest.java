package dev.turnout.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.turnout.proxy.upstream.Trust.Event;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrustTest {
    @ParameterizedTest
    @CsvSource({"TRUSTED, EJECT, EJECTED", "TRUSTED, SUCCESS, TRUSTED", "EJECTED, TRY, ON_TRIAL",
        "EJECTED, SUCCESS, EJECTED", "EJECTED, FORGIVE, TRUSTED", "ON_TRIAL, EJECT, EJECTED",
        "ON_TRIAL, TRY, ON_TRIAL", "ON_TRIAL, SUCCESS, TRUSTED", "ON_TRIAL, FORGIVE, TRUSTED"})
    void followsItsTable(Trust from, Event event, Trust to) {
        assertThat(from.on(event)).isEqualTo(to);
    }

    @ParameterizedTest
    @CsvSource({"TRUSTED, TRY", "TRUSTED, FORGIVE", "EJECTED, EJECT"})
    void refusesWhatCannotHappen(Trust from, Event event) {
        assertThatIllegalStateException().isThrownBy(() -> from.on(event))
                .withMessageContaining(from.name())
                .withMessageContaining(event.name());
    }
}
