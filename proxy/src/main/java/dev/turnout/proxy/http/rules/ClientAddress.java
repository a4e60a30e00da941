package dev.turnout.proxy.http.rules;

import java.net.InetAddress;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Who asks, when others have passed the request on. Pure. */
public final class ClientAddress {
    private ClientAddress() {}

    /**
     * The last address that is not one of those who are believed; each of them says who came to it. As far back as the
     * list can be read.
     *
     * @param lines of {@code X-Forwarded-For}, in their order
     * @param peer who sent the request here; believed
     */
    public static InetAddress of(List<String> lines, InetAddress peer, Predicate<InetAddress> believed) {
        InetAddress client = peer;
        for (String line : lines.reversed()) {
            for (String element : List.of(line.split(",", -1)).reversed()) {
                InetAddress before = address(element.strip());
                if (before == null) {
                    return client;
                }
                client = before;
                if (!believed.test(client)) {
                    return client;
                }
            }
        }
        return client;
    }

    /** Some add the port: {@code 10.0.0.1:4711}, {@code [2001:db8::1]:4711}. */
    private static @Nullable InetAddress address(String element) {
        String text = element;
        if (text.startsWith("[")) {
            text = text.substring(1, Math.max(1, text.indexOf(']')));
        } else if (text.indexOf('.') >= 0 && text.indexOf(':') == text.lastIndexOf(':')) {
            text = text.split(":", 2)[0];
        }
        try {
            return InetAddress.ofLiteral(text);
        } catch (IllegalArgumentException notAnAddress) {
            return null;
        }
    }
}
