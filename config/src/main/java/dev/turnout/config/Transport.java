package dev.turnout.config;

import java.util.Locale;

/** How sockets are driven. */
public enum Transport {
    /** epoll where the system has it, else NIO. */
    AUTO, EPOLL, IO_URING, NIO;

    /** The name in configuration and log. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
