package dev.turnout.proxy.routing;

/**
 * What a decision may ask of a request. Values are copied into an array of the caller's, so that no string is made for
 * a request. Confined to the caller's thread.
 */
public interface RequestFacts {
    /** What is answered when there is no such header or cookie. */
    int ABSENT = -1;

    /**
     * Copies the value of the first header of this name to {@code into}, from {@code offset} on; returns its length, or
     * {@link #ABSENT}. The array is large enough for every value that a head may hold.
     *
     * @param lowerCaseName in ASCII
     */
    int header(byte[] lowerCaseName, byte[] into, int offset);

    /** As {@link #header}, for the value of the first cookie of this name; letter case matters. */
    int cookie(byte[] name, byte[] into, int offset);
}
