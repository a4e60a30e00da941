package dev.turnout.proxy.pg.session;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules of PostgreSQL, "Message Flow", one by one. Messages are written as their types. */
class OwedRepliesTest {
    private final OwedReplies owed = new OwedReplies((byte) 'I');

    private OwedRepliesTest sent(String types) {
        types.chars().filter(type -> type != ' ').forEach(type -> owed.sent((byte) type, Handling.FORWARD));
        return this;
    }

    private OwedRepliesTest hidden(String types) {
        types.chars().forEach(type -> owed.sent((byte) type, Handling.SKIP));
        return this;
    }

    /** ReadyForQuery is written {@code I}, {@code T} or {@code E} behind a {@code Z}; answers what the last was. */
    private Handling received(String types) {
        Handling last = Handling.FORWARD;
        for (int i = 0; i < types.length(); i++) {
            char type = types.charAt(i);
            if (type != ' ') {
                last = owed.received((byte) type, type == 'Z' ? (byte) types.charAt(++i) : 0);
            }
        }
        return last;
    }

    private void assertSettled() {
        assertThat(owed.settled()).as("settled").isTrue();
        assertThat(owed.inDoubt()).as("in doubt").isFalse();
    }

    private void assertOwes(int messages) {
        assertThat(owed.size()).as("messages owed").isEqualTo(messages);
        assertThat(owed.settled()).as("settled").isFalse();
        assertThat(owed.inDoubt()).as("in doubt").isFalse();
    }

    @Nested
    class Simple {
        @Test
        void aQueryOwesEverythingUpToReadyForQuery() {
            sent("Q").received("TDDC");
            assertOwes(1);
            assertThat(owed.ended()).isZero();
            received("ZI");
            assertThat(owed.ended()).isEqualTo(ClientMessage.QUERY);
            assertSettled();
        }

        @ParameterizedTest
        @ValueSource(strings = {"TDC CC TC ZI", "C E ZI", "I ZI", "E ZI", "H ddd c C ZI", "t n V ZI"})
        void whatStandsBeforeReadyForQueryMakesNoDifference(String replies) {
            sent("Q").received(replies);
            assertSettled();
        }

        @Test
        void afterItsErrorTheServerGoesOnBehindIt() {
            sent("QQ").received("E ZI");
            assertOwes(1);
            received("TDC ZI");
            assertSettled();
        }

        @Test
        void aFunctionCallOwesTheSame() {
            sent("FF").received("V ZI");
            assertOwes(1);
            received("E ZI");
            assertThat(owed.ended()).isEqualTo(ClientMessage.FUNCTION_CALL);
            assertSettled();
        }

        @Test
        void theStatusIsThatOfTheLastReadyForQuery() {
            sent("QQ").received("C ZT");
            assertThat(owed.status()).isEqualTo(TransactionStatus.OPEN);
            received("E ZE");
            assertThat(owed.status()).isEqualTo(TransactionStatus.FAILED);
        }
    }

    @Nested
    class Extended {
        @Test
        void eachMessageOwesOneReplyAndSyncTheLast() {
            sent("PBDEC S");
            String replies = "12TC3";
            for (int i = 0; i < replies.length(); i++) {
                received(replies.substring(i, i + 1));
                assertThat(owed.ended()).isEqualTo((byte) "PBDEC".charAt(i));
                assertOwes(5 - i);
            }
            received("ZI");
            assertSettled();
        }

        @Test
        void describingAStatementGivesItsParametersFirst() {
            sent("DDS").received("t");
            assertOwes(3);
            received("T t n ZI");
            assertSettled();
        }

        @ParameterizedTest
        @CsvSource({"DDDC", "DDs", "I", "C", "Hddc C"})
        void anExecuteEndsWithCompleteEmptyOrSuspended(String replies) {
            sent("ES").received(replies.substring(0, replies.length() - 1));
            assertOwes(2);
            received(replies.substring(replies.length() - 1));
            assertOwes(1);
            received("ZI");
            assertSettled();
        }

        @Test
        void flushIsOwedNothing() {
            sent("PH").received("1");
            assertSettled();
        }

        @ParameterizedTest
        @ValueSource(strings = {"P", "B", "D", "E", "C"})
        void afterAnErrorEverythingUpToSyncIsDiscarded(String failing) {
            sent(failing + "PBQDFHEC S Q").received("E");
            assertThat(owed.ended()).isEqualTo((byte) failing.charAt(0));
            assertOwes(2);
            received("ZI TDC ZI");
            assertSettled();
        }

        @Test
        void whatIsSentAfterTheErrorIsDiscardedUntilSync() {
            sent("P").received("E");
            assertThat(owed.discarding()).isTrue();
            assertThat(owed.settled()).isFalse();
            sent("BEQF");
            assertThat(owed.size()).isZero();
            sent("S");
            assertThat(owed.discarding()).isFalse();
            assertOwes(1);
            received("ZI");
            assertSettled();
        }

        @Test
        void anErrorAtSyncIsFollowedByItsReadyForQuery() {
            sent("ES PS").received("C E");
            assertOwes(3);
            received("ZI 1 ZI");
            assertSettled();
        }

        @Test
        void aQueryMayStandWhereASyncIsExpected() {
            sent("PQS").received("1 C ZI");
            assertOwes(1);
            received("ZI");
            assertSettled();
        }
    }

    @Nested
    class Copy {
        @Test
        void inASimpleQueryEndsWithTheQuery() {
            sent("Q").received("G");
            sent("dd");
            assertOwes(1);
            sent("c").received("C ZI");
            assertSettled();
        }

        @ParameterizedTest
        @ValueSource(strings = {"d c S", "dHd c S", "S d c S", "d S S H c S"})
        void inTheExtendedProtocolSwallowsFlushAndSync(String behind) {
            sent("PBE").received("12G");
            sent(behind).received("C");
            assertOwes(1);
            received("ZI");
            assertSettled();
        }

        @ParameterizedTest
        @ValueSource(strings = {"E d c S", "E S d c S", "E S S H f S", "Q d c", "Q S d c"})
        void sentBeforeTheServerHasAskedForItIsTheSame(String all) {
            sent(all).received("G C");
            received("ZI");
            assertSettled();
        }

        @Test
        void twoInOneQueryEndOneByOne() {
            sent("Q dc dc").received("G C G C ZI");
            assertSettled();
        }

        @Test
        void anErrorBehindACopyThatHasEndedLeavesNoDoubt() {
            sent("Q S dc").received("G C E ZI");
            assertSettled();
        }

        @Test
        void failsWithAnErrorAsAnyOtherStatement() {
            sent("E").received("G");
            sent("d f S Q").received("E");
            assertOwes(2);
            received("ZI C ZI");
            assertSettled();
        }

        @Test
        void dataThatComesAfterAnErrorIsIgnored() {
            sent("Q").received("G E ZI");
            sent("dd c");
            assertSettled();
            sent("Q").received("C ZI");
            assertSettled();
        }

        @Test
        void theSyncBehindAnExecuteThatFailsBeforeItReadsIsAnswered() {
            sent("E S d c S").received("E ZI");
            assertOwes(1);
            received("ZI");
            assertSettled();
        }

        @Test
        void nobodyKnowsWhetherASyncWasReadBeforeTheError() {
            sent("E S").received("G");
            sent("d c S").received("E");
            assertThat(owed.inDoubt()).isTrue();
            received("ZI");
            assertThat(owed.atSafePoint()).isFalse();
        }

        @Test
        void endsOutsideOfOneAreIgnored() {
            sent("cf");
            assertSettled();
            sent("P c B f E S c Q").received("1 2 C ZI C ZI");
            assertSettled();
        }

        @Test
        void anEndBehindAMadeUpReplyIsIgnoredAsWell() {
            sent("P");
            owed.fake(ClientMessage.PARSE, "fake");
            sent("c S").received("1");
            assertThat(owed.takeFake()).isEqualTo("fake");
            received("ZI");
            assertSettled();
        }

        @Test
        void outIsOwedUntilItsCommandHasEnded() {
            sent("Q").received("H ddd c");
            assertOwes(1);
            received("C ZI");
            assertSettled();
        }

        @Test
        void bothWaysIsOwedUntilTheCommandHasEnded() {
            sent("Q").received("W dd");
            sent("dd");
            assertOwes(1);
            sent("c").received("c C ZI");
            assertSettled();
        }

        @ParameterizedTest
        @ValueSource(strings = {"Q", "P", "E", "F"})
        void aRequestWithinItIsAgainstTheProtocol(String request) {
            sent("Q").received("G");
            sent(request);
            assertThat(owed.inDoubt()).isTrue();
        }

        @Test
        void aRequestThatWasSentBehindOneIsAgainstTheProtocol() {
            sent("QQ").received("G");
            assertThat(owed.inDoubt()).isTrue();
        }
    }

    @Nested
    class AtAnyTime {
        @Test
        void noticesNotificationsAndParametersAreNobodysReply() {
            assertThat(received("N A S")).isEqualTo(Handling.FORWARD);
            sent("PBES").received("N 1 A 2 S DN C A N ZI NA");
            assertSettled();
        }

        @Test
        void anErrorThatNobodyIsOwedEndsTheConnection() {
            assertThat(received("E")).isEqualTo(Handling.FORWARD);
            assertThat(owed.inDoubt()).isFalse();
        }

        @ParameterizedTest
        @ValueSource(strings = {"1", "C", "ZI", "D", "G"})
        void anythingElseThatNobodyIsOwedLeavesADoubt(String unowed) {
            assertThat(received(unowed)).isEqualTo(Handling.FORWARD);
            assertThat(owed.inDoubt()).isTrue();
            assertThat(owed.atSafePoint()).isFalse();
        }

        @ParameterizedTest
        @CsvSource({"P,2", "B,1", "C,C", "D,1", "E,ZI", "P,ZI", "Q,Z?", "S,Z?"})
        void aReplyThatDoesNotFitLeavesADoubt(String request, String reply) {
            sent(request).received(reply);
            assertThat(owed.inDoubt()).isTrue();
        }
    }

    @Nested
    class MadeUp {
        @Test
        void aReplyHasItsTurnBehindThoseBeforeIt() {
            sent("PB");
            assertThat(owed.fake(ClientMessage.PARSE, "first")).isTrue();
            assertThat(owed.fake(ClientMessage.CLOSE, "second")).isTrue();
            sent("ES").received("1");
            assertThat(owed.takeFake()).isNull();
            received("2");
            assertThat(owed.takeFake()).isEqualTo("first");
            assertThat(owed.takeFake()).isEqualTo("second");
            assertThat(owed.takeFake()).isNull();
            received("C ZI");
            assertSettled();
        }

        @Test
        void aReplyIsDueAtOnceWhenNothingIsOwed() {
            owed.fake(ClientMessage.PARSE, "now");
            assertThat(owed.takeFake()).isEqualTo("now");
            assertSettled();
        }

        @Test
        void aReplyGoesWithWhatTheServerDiscards() {
            sent("B");
            owed.fake(ClientMessage.PARSE, "never");
            sent("S").received("E");
            assertThat(owed.takeFake()).isNull();
            received("ZI");
            assertSettled();
        }

        @Test
        void noReplyIsOwedWhileTheServerDiscards() {
            sent("B").received("E");
            assertThat(owed.fake(ClientMessage.PARSE, "never")).isFalse();
            sent("S");
            assertThat(owed.fake(ClientMessage.PARSE, "behind")).isTrue();
            assertThat(owed.takeFake()).isNull();
            received("ZI");
            assertThat(owed.takeFake()).isEqualTo("behind");
        }
    }

    @Nested
    class Hidden {
        @Test
        void repliesToOurOwnMessagesAreNotTheClients() {
            hidden("P").sent("BES");
            assertThat(received("1")).isEqualTo(Handling.SKIP);
            assertThat(received("2")).isEqualTo(Handling.FORWARD);
            assertThat(received("C")).isEqualTo(Handling.FORWARD);
            assertThat(received("ZI")).isEqualTo(Handling.FORWARD);
            assertSettled();
        }

        @Test
        void aQuestionOfOurOwnIsHiddenAsAWhole() {
            hidden("Q");
            for (String reply : new String[]{"T", "D", "N", "C", "E", "ZI"}) {
                assertThat(received(reply)).as(reply).isEqualTo(Handling.SKIP);
            }
            assertSettled();
        }

        @Test
        void notificationsAndParametersAreTheClientsEvenThen() {
            hidden("Q");
            assertThat(received("A")).isEqualTo(Handling.FORWARD);
            assertThat(received("S")).isEqualTo(Handling.FORWARD);
        }

        @Test
        void anErrorOfWhatWasPutInFrontIsTheAnswerToTheClientsMessage() {
            hidden("P").sent("BES");
            assertThat(received("E")).isEqualTo(Handling.FORWARD);
            assertOwes(1);
            assertThat(received("ZI")).isEqualTo(Handling.FORWARD);
            assertSettled();
        }
    }

    @Nested
    class Notes {
        @Test
        void aNoteIsGivenBackWhenItsMessageIsAnswered() {
            owed.sent(ClientMessage.QUERY, Handling.FORWARD, "query");
            owed.sent(ClientMessage.EXECUTE, Handling.FORWARD, "execute");
            owed.sent(ClientMessage.SYNC, Handling.FORWARD, "sync");
            received("C");
            assertThat(owed.endedNote()).isNull();
            received("ZI");
            assertThat(owed.endedNote()).isEqualTo("query");
            received("E");
            assertThat(owed.endedNote()).isEqualTo("execute");
            received("ZI");
            assertThat(owed.endedNote()).isEqualTo("sync");
            received("N");
            assertThat(owed.endedNote()).isNull();
        }

        @Test
        void aNoteOfADiscardedMessageIsForgotten() {
            sent("P");
            owed.sent(ClientMessage.EXECUTE, Handling.FORWARD, "never");
            sent("S P");
            received("E");
            assertThat(owed.endedNote()).isNull();
            received("ZI 1");
            assertThat(owed.endedNote()).isNull();
        }

        @Test
        void aNoteOfACopyStaysWithIt() {
            owed.sent(ClientMessage.EXECUTE, Handling.FORWARD, "copy");
            sent("S d c");
            owed.sent(ClientMessage.SYNC, Handling.FORWARD, "sync");
            received("G C");
            assertThat(owed.endedNote()).isEqualTo("copy");
            received("ZI");
            assertThat(owed.endedNote()).isEqualTo("sync");
        }
    }

    @ParameterizedTest(name = "sent {0}, received {1}: {2}")
    @CsvSource({"'','',true", "Q,'',false", "Q,C,false", "Q,CZI,true", "Q,CZT,false", "Q,EZE,false",
        "S,ZI,true",
        "P,1,false", "P,E,false", "PS,E,false", "PS,EZI,true", "F,VZI,true", "Q,G,false", "Qc,GCZI,true",
        "E,s,false",
        "H,'',true", "d,'',true"})
    void isAtASafePointWhenNothingIsOwedAndNoTransactionOpen(String sent, String received, boolean safe) {
        sent(sent).received(received);
        assertThat(owed.atSafePoint()).isEqualTo(safe);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 8, 9, 100, 1000})
    void anyNumberMayBeOwed(int messages) {
        for (int round = 0; round < 3; round++) {
            // Wherever in the ring the oldest stands.
            sent("PPP");
            received("111");
            for (int i = 0; i < messages; i++) {
                owed.sent(ClientMessage.EXECUTE, Handling.FORWARD, i % 3 == 0 ? i : null);
            }
            for (int i = 0; i < messages; i++) {
                received("C");
                assertThat(owed.endedNote()).isEqualTo(i % 3 == 0 ? i : null);
            }
            assertSettled();
        }
    }
}
