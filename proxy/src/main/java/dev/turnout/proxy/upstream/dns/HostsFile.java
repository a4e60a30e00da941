package dev.turnout.proxy.upstream.dns;

import io.netty.resolver.HostsFileEntriesProvider;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What {@code /etc/hosts} says. */
final class HostsFile {
    private final HostsFileEntriesProvider entries;

    private HostsFile(HostsFileEntriesProvider entries) {
        this.entries = entries;
    }

    static HostsFile parse(String text) {
        try {
            return new HostsFile(HostsFileEntriesProvider.parser().parse(new StringReader(text)));
        } catch (IOException e) {
            throw new UncheckedIOException("a string cannot fail to be read", e);
        }
    }

    /** Null when the file does not know the host. It is told of a change, so the answer may be kept for long. */
    @Nullable
    Answer answer(String host) {
        String name = AddressRecords.canonical(host);
        List<InetAddress> ipv4 = entries.ipv4Entries().getOrDefault(name, List.of());
        List<InetAddress> ipv6 = entries.ipv6Entries().getOrDefault(name, List.of());
        return ipv4.isEmpty() && ipv6.isEmpty() ? null : new Answer(of(ipv4), of(ipv6));
    }

    private static FamilyAnswer of(List<InetAddress> addresses) {
        return addresses.isEmpty()
                ? new FamilyAnswer.None("no address in the hosts file")
                : new FamilyAnswer.Found(addresses, FollowedName.MOST_SECONDS);
    }
}
