package dev.turnout.proxy.pg.session;

/** What becomes of the replies to a message. */
public enum Handling {
    /** They are the client's. */
    FORWARD,
    /** The message never went to the server: the reply is made up, when its turn has come. */
    FAKE,
    /** We asked, not the client: the replies are hidden from it. */
    SKIP
}
