package dev.turnout.proxy.upstream.dns;

import io.netty.channel.AddressedEnvelope;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverTimeoutException;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.function.Consumer;

/**
 * Asks for the addresses of one family, one server after the other, and follows aliases that lead out of an answer.
 * Confined to the loop.
 */
final class FamilyQuery {
    /** A lone server is asked again: a datagram may get lost. */
    static final int LEAST_TRIES = 2;
    /** As every resolver has it: more servers are not asked. */
    static final int MOST_TRIES = 3;
    private static final int MOST_ALIASES = 8;

    private final DnsNameResolver transport;
    private final List<InetSocketAddress> servers;
    private final DnsRecordType type;
    private final Consumer<FamilyAnswer> answers;
    private String name;
    private long ttlSeconds = Long.MAX_VALUE;
    private int tried;
    private int aliases;

    FamilyQuery(DnsNameResolver transport, List<InetSocketAddress> servers, DnsRecordType type, String name,
            Consumer<FamilyAnswer> answers) {
        this.transport = transport;
        this.servers = servers;
        this.type = type;
        this.name = name;
        this.answers = answers;
    }

    void ask() {
        DnsQuestion question;
        try {
            question = new DefaultDnsQuestion(name, type);
        } catch (IllegalArgumentException e) {
            answers.accept(new FamilyAnswer.None("not a name"));
            return;
        }
        transport.query(servers.get(tried % servers.size()), question)
                .addListener((Future<AddressedEnvelope<DnsResponse, InetSocketAddress>> asked) -> {
                    Throwable failure = asked.cause();
                    if (failure == null) {
                        onResponse(asked.getNow());
                    } else {
                        tryNext(failure instanceof DnsNameResolverTimeoutException
                                ? "time-out"
                                : String.valueOf(failure.getMessage()));
                    }
                });
    }

    /** Takes ownership. */
    private void onResponse(AddressedEnvelope<DnsResponse, InetSocketAddress> envelope) {
        try {
            DnsResponseCode code = envelope.content().code();
            if (code.equals(DnsResponseCode.NOERROR)) {
                onRecords(AddressRecords.of(envelope.content(), name, type));
            } else if (code.equals(DnsResponseCode.NXDOMAIN)) {
                answers.accept(new FamilyAnswer.None("no such name"));
            } else {
                tryNext("answer " + code);
            }
        } finally {
            envelope.release();
        }
    }

    private void onRecords(AddressRecords records) {
        ttlSeconds = Math.min(ttlSeconds, records.ttlSeconds());
        if (!records.addresses().isEmpty()) {
            answers.accept(new FamilyAnswer.Found(records.addresses(), ttlSeconds));
        } else if (records.name().equals(AddressRecords.canonical(name))) {
            answers.accept(new FamilyAnswer.None("no address"));
        } else if (++aliases > MOST_ALIASES) {
            answers.accept(new FamilyAnswer.Failed("more than " + MOST_ALIASES + " aliases"));
        } else {
            name = records.name();
            tried = 0;
            ask();
        }
    }

    private void tryNext(String detail) {
        tried++;
        if (tried < Math.clamp(servers.size(), LEAST_TRIES, MOST_TRIES)) {
            ask();
        } else {
            answers.accept(new FamilyAnswer.Failed(detail));
        }
    }
}
