package dev.turnout.proxy.upstream.dns;

import java.util.function.Consumer;

/** Looks a name up, once. */
@FunctionalInterface
interface Resolver {
    /** Tells {@code answers} on the loop, some time later. */
    void resolve(String host, ResolvConf conf, Consumer<Answer> answers);
}
