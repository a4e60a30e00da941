package dev.turnout.proxy.upstream.dns;

import java.net.InetAddress;
import java.util.List;

/** What DNS says about the addresses of one family. */
sealed interface FamilyAnswer {
    /**
     * It has.
     *
     * @param ttlSeconds the smallest of all records that led there
     */
    record Found(List<InetAddress> addresses, long ttlSeconds) implements FamilyAnswer {
        public Found {
            addresses = List.copyOf(addresses);
        }
    }

    /** The name does not exist, or has no address of this family. */
    record None(String detail) implements FamilyAnswer {}

    /** Nobody answered, or nobody knew. */
    record Failed(String detail) implements FamilyAnswer {}
}
