package dev.turnout.proxy.net.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.proxy.testkit.LeakCheck;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Queue;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeakCheck.class)
class AlpnGuardTest {
    private static final int RECORD_HEADER_BYTES = 5;
    private static final int MESSAGE_HEADER_BYTES = 4;
    private static final String REFUSED = "15030300020278";

    private final EmbeddedChannel channel = new EmbeddedChannel(new AlpnGuard(List.of("postgresql")));

    /** The first record of a client of Java. */
    private static byte[] clientHello(String... offered) throws Exception {
        SSLEngine engine = SSLContext.getDefault().createSSLEngine("db.example.test", 5432);
        engine.setUseClientMode(true);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setApplicationProtocols(offered);
        engine.setSSLParameters(parameters);
        ByteBuffer record = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
        engine.wrap(ByteBuffer.allocate(0), record);
        byte[] bytes = new byte[record.flip().remaining()];
        record.get(bytes);
        return bytes;
    }

    private static ByteBuf body(byte[] record) {
        return Unpooled.wrappedBuffer(record).skipBytes(RECORD_HEADER_BYTES + MESSAGE_HEADER_BYTES);
    }

    private void send(byte[] bytes, int fragmentBytes) {
        for (int at = 0; at < bytes.length; at += fragmentBytes) {
            int length = Math.min(fragmentBytes, bytes.length - at);
            channel.writeInbound(channel.alloc().buffer(length).writeBytes(bytes, at, length));
        }
    }

    private String passed() {
        return drain(channel.inboundMessages());
    }

    private String answered() {
        return drain(channel.outboundMessages());
    }

    private static String drain(Queue<Object> messages) {
        StringBuilder hex = new StringBuilder();
        for (Object message = messages.poll(); message != null; message = messages.poll()) {
            hex.append(ByteBufUtil.hexDump((ByteBuf) message));
            ((ByteBuf) message).release();
        }
        return hex.toString();
    }

    @Test
    void readsWhatIsOffered() throws Exception {
        assertThat(AlpnGuard.offered(body(clientHello("h2", "postgresql")))).containsExactly("h2",
                "postgresql");
        assertThat(AlpnGuard.offered(body(clientHello()))).isEmpty();
    }

    @Test
    void aHelloThatIsCutOffIsNotRead() throws Exception {
        ByteBuf whole = body(clientHello("postgresql"));
        for (int length = 35; length < whole.readableBytes(); length++) {
            ByteBuf part = whole.slice(whole.readerIndex(), length);
            // The only end that is in order: no extensions at all.
            if (length != whole.readableBytes() - extensionsBytes(whole)) {
                assertThatThrownBy(() -> AlpnGuard.offered(part)).as("%s bytes", length)
                        .isInstanceOf(IndexOutOfBoundsException.class);
            }
        }
    }

    private static int extensionsBytes(ByteBuf hello) {
        ByteBuf rest = hello.duplicate().skipBytes(34);
        rest.skipBytes(rest.readUnsignedByte());
        rest.skipBytes(rest.readUnsignedShort());
        rest.skipBytes(rest.readUnsignedByte());
        return rest.readableBytes();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 9, 100, 10_000})
    void aClientThatOffersOursPassesWhateverTheFragmentation(int fragmentBytes) throws Exception {
        byte[] hello = clientHello("h2", "postgresql");
        send(hello, fragmentBytes);
        assertThat(passed()).isEqualTo(HexFormat.of().formatHex(hello));
        assertThat(channel.pipeline().get(AlpnGuard.class)).isNull();
        send(new byte[]{1, 2}, 1);
        assertThat(passed()).isEqualTo("0102");
        channel.finish();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 9, 100, 10_000})
    void aClientThatOffersOthersIsRefusedWhateverTheFragmentation(int fragmentBytes) throws Exception {
        byte[] hello = clientHello("h2", "http/1.1");
        assertThatThrownBy(() -> send(hello, fragmentBytes))
                .hasMessageContaining("ALPN: none of ours is offered");
        assertThat(answered()).isEqualTo(REFUSED);
        assertThat(passed()).isEmpty();
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void nothingAfterARefusalPasses() throws Exception {
        byte[] hello = clientHello("h2");
        byte[] twice = new byte[hello.length * 2];
        System.arraycopy(hello, 0, twice, 0, hello.length);
        System.arraycopy(hello, 0, twice, hello.length, hello.length);
        assertThatThrownBy(() -> send(twice, twice.length))
                .hasMessageContaining("ALPN: none of ours is offered");
        assertThat(answered()).as("said once").isEqualTo(REFUSED);
        assertThat(passed()).isEmpty();
    }

    @Test
    void whatIsNoTlsIsLeftToTlsToRefuse() {
        byte[] http = "GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        send(http, 7);
        assertThat(passed()).isEqualTo(HexFormat.of().formatHex(http));
        channel.finish();
    }
}
