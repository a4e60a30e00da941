package dev.turnout.proxy.upstream.dns;

import dev.turnout.config.DnsConfig;
import dev.turnout.proxy.net.EventLoops;
import dev.turnout.proxy.upstream.dns.FamilyAnswer.Failed;
import dev.turnout.proxy.upstream.dns.FamilyAnswer.None;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.DnsNameResolverChannelStrategy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks names up by DNS. Netty's resolver carries the single queries: over UDP, each from a port of its own, and over TCP
 * what does not fit. What leads from a name to addresses is ours, since Netty's tells neither how long an answer with
 * aliases may be kept nor one family's failure from its absence. Confined to the loop.
 */
final class DnsResolver implements Resolver {
    private final DnsNameResolver transport;
    private final List<InetSocketAddress> configured;

    DnsResolver(EventLoop loop, EventLoops loops, DnsConfig config) {
        configured = config.servers().stream()
                .map(server -> new InetSocketAddress(InetAddress.ofLiteral(server.host()), server.port()))
                .toList();
        transport = new DnsNameResolverBuilder(loop).datagramChannelType(loops.datagramChannel())
                .socketChannelType(loops.channel())
                .datagramChannelStrategy(DnsNameResolverChannelStrategy.ChannelPerResolution)
                .queryTimeoutMillis(config.timeout().toMillis())
                .build();
    }

    @Override
    public void resolve(String host, ResolvConf conf, Consumer<Answer> answers) {
        List<InetSocketAddress> servers = configured.isEmpty() ? conf.servers() : configured;
        if (servers.isEmpty()) {
            Failed nobody = new Failed("there is no name server to ask");
            answers.accept(new Answer(nobody, nobody));
            return;
        }
        new Search(servers, conf.candidates(host).iterator(), answers).next();
    }

    /** One look-up: under one name after the other, for both families at once. */
    private final class Search {
        private final List<InetSocketAddress> servers;
        private final Iterator<String> names;
        private final Consumer<Answer> answers;
        private @Nullable FamilyAnswer ipv4;
        private @Nullable FamilyAnswer ipv6;

        Search(List<InetSocketAddress> servers, Iterator<String> names, Consumer<Answer> answers) {
            this.servers = servers;
            this.names = names;
            this.answers = answers;
        }

        void next() {
            String name = names.next();
            ipv4 = null;
            ipv6 = null;
            new FamilyQuery(transport, servers, DnsRecordType.A, name, answer -> {
                ipv4 = answer;
                onAnswer();
            }).ask();
            new FamilyQuery(transport, servers, DnsRecordType.AAAA, name, answer -> {
                ipv6 = answer;
                onAnswer();
            }).ask();
        }

        private void onAnswer() {
            if (ipv4 == null || ipv6 == null) {
                return;
            }
            // A failure ends it: what the next name stands for may be someone else's.
            if (ipv4 instanceof None && ipv6 instanceof None && names.hasNext()) {
                next();
            } else {
                answers.accept(new Answer(ipv4, ipv6));
            }
        }
    }
}
