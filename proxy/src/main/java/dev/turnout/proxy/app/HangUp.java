package dev.turnout.proxy.app;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * SIGHUP. By reflection: the JDK has no other way to hear of a signal than {@code sun.misc.Signal}, which compilers are
 * told not to see.
 */
final class HangUp {
    private static final Logger log = LoggerFactory.getLogger(HangUp.class);

    private HangUp() {}

    /** Has this run, on a thread of its own, each time that the process gets SIGHUP. */
    @SuppressWarnings("ReferenceEquality") // a proxy has no other equality than the one that is answered here
    static void handle(Runnable reload) {
        InvocationHandler handler = (proxy, method, arguments) -> switch (method.getName()) {
            case "handle" -> {
                Thread.ofVirtual().name("turnout-hangup").start(reload);
                yield null;
            }
            case "equals" -> proxy == (arguments == null ? null : arguments[0]);
            case "hashCode" -> System.identityHashCode(proxy);
            default -> "SIGHUP";
        };
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> signalHandler = Class.forName("sun.misc.SignalHandler");
            Object before = signal.getMethod("handle", signal, signalHandler)
                    .invoke(null, signal.getConstructor(String.class).newInstance("HUP"),
                            Proxy.newProxyInstance(HangUp.class.getClassLoader(),
                                    new Class<?>[]{signalHandler}, handler));
            if (signalHandler.getField("SIG_IGN").get(null).equals(before)) {
                log.info("SIGHUP is ignored, as nohup does it; turnout reload reads the configuration again");
            }
        } catch (ReflectiveOperationException | IllegalArgumentException e) {
            log.warn("SIGHUP does not reload the configuration here, turnout reload does: {}", e.toString());
        }
    }
}
