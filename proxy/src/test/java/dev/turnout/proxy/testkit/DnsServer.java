package dev.turnout.proxy.testkit;

import dev.turnout.config.Address;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.dns.DatagramDnsQuery;
import io.netty.handler.codec.dns.DatagramDnsQueryDecoder;
import io.netty.handler.codec.dns.DatagramDnsResponse;
import io.netty.handler.codec.dns.DatagramDnsResponseEncoder;
import io.netty.handler.codec.dns.DefaultDnsRawRecord;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import java.io.Closeable;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A name server on a loopback port that answers as it is told to; a name that it was not told of does not exist. */
public final class DnsServer implements Closeable {
    /** What comes back when a name is asked for. */
    public enum Mood {
        ANSWERS, SILENT, GARBAGE, SERVER_FAILURE
    }

    /** One record of an answer. */
    public record Entry(String name, DnsRecordType type, int ttlSeconds, String value) {
        public static Entry a(String name, int ttlSeconds, String ip) {
            return new Entry(name, ip.indexOf(':') < 0 ? DnsRecordType.A : DnsRecordType.AAAA, ttlSeconds,
                    ip);
        }

        public static Entry alias(String name, int ttlSeconds, String target) {
            return new Entry(name, DnsRecordType.CNAME, ttlSeconds, target);
        }

        private DefaultDnsRawRecord record() {
            return new DefaultDnsRawRecord(name, type, ttlSeconds, type.equals(DnsRecordType.CNAME)
                    ? name(value)
                    : Unpooled.wrappedBuffer(InetAddress.ofLiteral(value).getAddress()));
        }

        private static ByteBuf name(String name) {
            ByteBuf wire = Unpooled.buffer();
            for (String label : List.of(name.split("\\.", -1))) {
                wire.writeByte(label.length()).writeCharSequence(label, StandardCharsets.US_ASCII);
            }
            return wire.writeByte(0);
        }
    }

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final Channel channel;
    private final Map<String, List<Entry>> zone = new ConcurrentHashMap<>();
    private final Map<DnsRecordType, Mood> moods = new ConcurrentHashMap<>();
    private final List<String> questions = new CopyOnWriteArrayList<>();

    public DnsServer() {
        channel = new Bootstrap().group(group)
                .channel(NioDatagramChannel.class)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel opened) {
                        opened.pipeline().addLast(new DatagramDnsQueryDecoder(),
                                new DatagramDnsResponseEncoder(),
                                new Answering());
                    }
                })
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .syncUninterruptibly()
                .channel();
    }

    public Address address() {
        InetSocketAddress bound = (InetSocketAddress) channel.localAddress();
        return new Address(bound.getAddress().getHostAddress(), bound.getPort());
    }

    /** From now on this is the whole answer section when {@code name} is asked for; none: it has no address. */
    public void answer(String name, Entry... entries) {
        zone.put(name + ".", List.of(entries));
    }

    /** From now on it does not exist. */
    public void forget(String name) {
        zone.remove(name + ".");
    }

    public void mood(Mood mood) {
        mood(DnsRecordType.A, mood);
        mood(DnsRecordType.AAAA, mood);
    }

    /** Towards the questions for one family. */
    public void mood(DnsRecordType type, Mood mood) {
        moods.put(type, mood);
    }

    /** What was asked for, as {@code A shop.example.}, oldest first. */
    public List<String> questions() {
        return questions;
    }

    /** Takes queries apart and answers them. */
    private final class Answering extends SimpleChannelInboundHandler<DatagramDnsQuery> {
        @Override
        protected void channelRead0(ChannelHandlerContext ctx, DatagramDnsQuery query) {
            DnsQuestion question = query.recordAt(DnsSection.QUESTION);
            questions.add(question.type().name() + " " + question.name());
            switch (moods.getOrDefault(question.type(), Mood.ANSWERS)) {
                case ANSWERS -> send(ctx, answer(query, question));
                case SERVER_FAILURE -> send(ctx, response(query, question).setCode(DnsResponseCode.SERVFAIL));
                case GARBAGE -> {
                    ByteBuf garbage = ctx.alloc().buffer().writeShort(query.id());
                    garbage.writeCharSequence("this is no DNS", StandardCharsets.US_ASCII);
                    // Past the encoder.
                    send(ctx.pipeline().firstContext(), new DatagramPacket(garbage, query.sender()));
                }
                case SILENT -> {
                }
            }
        }

        private static void send(ChannelHandlerContext ctx, Object message) {
            ctx.writeAndFlush(message).addListener(sent -> {
                if (!sent.isSuccess()) {
                    ctx.fireExceptionCaught(sent.cause());
                }
            });
        }

        private static DatagramDnsResponse response(DatagramDnsQuery query, DnsQuestion question) {
            InetSocketAddress here = query.recipient();
            InetSocketAddress asker = query.sender();
            DatagramDnsResponse response = new DatagramDnsResponse(here, asker, query.id());
            response.addRecord(DnsSection.QUESTION, question);
            return response;
        }

        private DatagramDnsResponse answer(DatagramDnsQuery query, DnsQuestion question) {
            DatagramDnsResponse response = response(query, question);
            @Nullable
            List<Entry> entries = zone.get(question.name());
            if (entries == null) {
                response.setCode(DnsResponseCode.NXDOMAIN);
                return response;
            }
            entries.stream()
                    .filter(entry -> entry.type().equals(question.type())
                            || entry.type().equals(DnsRecordType.CNAME))
                    .forEach(entry -> response.addRecord(DnsSection.ANSWER, entry.record()));
            return response;
        }
    }

    @Override
    public void close() {
        channel.close().syncUninterruptibly();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
}
