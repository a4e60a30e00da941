package dev.turnout.proxy.upstream.dns;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.dns.DefaultDnsRecordDecoder;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponse;
import io.netty.handler.codec.dns.DnsSection;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The answer section of a response, followed from the name that was asked for along its aliases (RFC 1034 3.6.2).
 * Records that do not belong to that chain are passed over.
 *
 * @param name where the chain ends within this response
 * @param addresses of that name
 * @param ttlSeconds the smallest of the chain; Long.MAX_VALUE when there was no record
 */
record AddressRecords(String name, List<InetAddress> addresses, long ttlSeconds) {
    AddressRecords {
        addresses = List.copyOf(addresses);
    }

    /** Borrows {@code response}. */
    static AddressRecords of(DnsResponse response, String question, DnsRecordType type) {
        Map<String, DnsRawRecord> aliases = new HashMap<>();
        List<DnsRawRecord> candidates = new ArrayList<>();
        for (int i = 0; i < response.count(DnsSection.ANSWER); i++) {
            DnsRecord each = response.recordAt(DnsSection.ANSWER, i);
            if (each instanceof DnsRawRecord raw && raw.type().equals(DnsRecordType.CNAME)) {
                aliases.put(canonical(raw.name()), raw);
            } else if (each instanceof DnsRawRecord raw && raw.type().equals(type)) {
                candidates.add(raw);
            }
        }
        return follow(canonical(question), aliases, candidates);
    }

    private static AddressRecords follow(String question, Map<String, DnsRawRecord> aliases,
            List<DnsRawRecord> candidates) {
        long ttl = Long.MAX_VALUE;
        String name = question;
        Set<String> seen = new HashSet<>();
        DnsRawRecord alias = aliases.get(name);
        while (alias != null && seen.add(name)) {
            String next = target(alias);
            if (next == null) {
                break;
            }
            ttl = Math.min(ttl, alias.timeToLive());
            name = next;
            alias = aliases.get(name);
        }
        List<InetAddress> addresses = new ArrayList<>();
        for (DnsRawRecord candidate : candidates) {
            InetAddress address = canonical(candidate.name()).equals(name) ? address(candidate) : null;
            if (address != null) {
                addresses.add(address);
                ttl = Math.min(ttl, candidate.timeToLive());
            }
        }
        return new AddressRecords(name, addresses, ttl);
    }

    private static @Nullable String target(DnsRawRecord alias) {
        try {
            return canonical(DefaultDnsRecordDecoder.decodeName(alias.content().duplicate()));
        } catch (CorruptedFrameException e) {
            return null;
        }
    }

    private static @Nullable InetAddress address(DnsRawRecord raw) {
        ByteBuf content = raw.content();
        int expected = raw.type().equals(DnsRecordType.A) ? 4 : 16;
        if (content.readableBytes() != expected) {
            return null;
        }
        try {
            return InetAddress.getByAddress(ByteBufUtil.getBytes(content));
        } catch (UnknownHostException e) {
            return null;
        }
    }

    /** Names are equal without regard to case (RFC 4343), and to the dot of the root. */
    static String canonical(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }
}
