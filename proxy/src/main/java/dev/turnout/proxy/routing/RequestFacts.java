package dev.turnout.proxy.routing;

/**
 * What a decision may ask of a request. Values are copied into an array of the caller's, so that no string is made for
 * a request. Confined to the caller's thread.
 *
 * <p>Each copies to {@code into}, from {@code offset} on, and returns the length, or {@link #ABSENT}. The array must
 * have room for a head from there on, which is enough for every value.
 */
public interface RequestFacts {
    /** What is answered when there is no such value. */
    int ABSENT = -1;

    /**
     * The value of the first header of this name.
     *
     * @param lowerCaseName in ASCII
     */
    int header(byte[] lowerCaseName, byte[] into, int offset);

    /** The value of the first cookie of this name; letter case matters. */
    int cookie(byte[] name, byte[] into, int offset);

    /** The value of the first parameter of this name in the query; both decoded, {@code +} being a space. */
    int query(byte[] name, byte[] into, int offset);

    /**
     * The value of a startup parameter of a PostgreSQL session, also of one that stands in {@code options}.
     *
     * @param lowerCaseName in ASCII
     */
    int startup(byte[] lowerCaseName, byte[] into, int offset);

    /** As it was sent: {@code GET}. */
    int method(byte[] into, int offset);

    /** As it was sent, without the query; {@code *} for OPTIONS of the server itself. */
    int path(byte[] into, int offset);

    /** The host that is asked for, in small letters, without a port. */
    int host(byte[] into, int offset);

    /** The client's address: 4 bytes, or 16 of IPv6, in network order; an IPv4 address mapped into IPv6 is 4. */
    int client(byte[] into, int offset);
}
