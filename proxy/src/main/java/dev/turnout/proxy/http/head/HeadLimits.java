package dev.turnout.proxy.http.head;

/**
 * How large a head may be.
 *
 * @param bytes of start line and fields together
 * @param fields in one section; 1..{@value FieldSection#MOST_FIELDS}
 * @param targetBytes of the request target
 */
public record HeadLimits(int bytes, int fields, int targetBytes) {
    public static final HeadLimits DEFAULT = new HeadLimits(32 * 1024, 100, 16 * 1024);

    public HeadLimits {
        if (bytes < 64 || fields < 1 || fields > FieldSection.MOST_FIELDS || targetBytes < 1
                || targetBytes > bytes) {
            throw new IllegalArgumentException("head limits: " + bytes + " bytes, " + fields + " fields, "
                    + targetBytes
                    + " bytes of target (expected: from 64, 1.." + FieldSection.MOST_FIELDS + ", 1..bytes)");
        }
    }
}
