package dev.turnout.proxy.net.tls;

import static dev.turnout.proxy.net.tls.Loopback.serverConfig;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.Address;
import dev.turnout.config.TlsServerConfig;
import dev.turnout.config.Transport;
import dev.turnout.proxy.net.Channels;
import dev.turnout.proxy.net.EventLoops;
import dev.turnout.proxy.net.Listener;
import dev.turnout.proxy.testkit.Certificates;
import dev.turnout.proxy.testkit.Certificates.Form;
import dev.turnout.proxy.testkit.Certificates.Kind;
import dev.turnout.proxy.testkit.LeakCheck;
import dev.turnout.proxy.testkit.Tool;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Spoken to by a client that shares no code with us, over sockets. */
@ExtendWith(LeakCheck.class)
@ParameterizedClass
@EnumSource(value = SslProvider.class, names = {"JDK", "OPENSSL_REFCNT"})
class OpensslTest {
    private static final Certificates CA = Certificates.ca("Test CA");
    private static final Certificates CLIENT_CA = Certificates.ca("Client CA");
    private static final String HOST = "db.example.test";

    private final SslProvider provider;

    @TempDir
    private Path folder;

    OpensslTest(SslProvider provider) {
        this.provider = provider;
    }

    private final EventLoops loops = EventLoops.start(Transport.NIO, 1, "tls-test");

    @BeforeEach
    void needsOpenssl() {
        Tool.require("openssl");
    }

    @AfterEach
    void stop() throws InterruptedException {
        assertThat(loops.stop().await(30, TimeUnit.SECONDS)).isTrue();
    }

    /** Says who the client is, and closes. */
    private static final class Greeting extends ChannelInboundHandlerAdapter {
        @Override
        public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
            if (event instanceof SslHandshakeCompletionEvent done && done.isSuccess()) {
                SslHandler tls = ctx.pipeline().get(SslHandler.class);
                String text = "hello " + ServerTls.clientName(tls).orElse("nobody") + " by "
                        + tls.applicationProtocol() + "\n";
                Channels.write(ctx.channel(),
                        ctx.alloc().buffer().writeBytes(text.getBytes(StandardCharsets.US_ASCII)));
                Channels.closeAfterFlush(ctx.channel());
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            Channels.close(ctx.channel());
        }
    }

    private Listener listen(ServerTls tls) throws IOException {
        Listener listener = Listener.bind(loops, new Address("127.0.0.1", 0), new ChannelInitializer<>() {
            @Override
            protected void initChannel(SocketChannel channel) {
                channel.pipeline().addLast("tls", tls.offer(channel.alloc()).handler())
                        .addLast(new Greeting());
            }
        });
        listener.accept();
        return listener;
    }

    /** All that openssl says, its exit code last. */
    private String connect(TlsServerConfig config, List<String> alpn, String options) throws Exception {
        CA.certificateIn(folder, "ca");
        Path work = Files.createDirectory(folder.resolve("work"));
        try (ServerTls tls = ServerTls.open(config, alpn, provider)) {
            Listener listener = listen(tls);
            String command = "openssl s_client -connect 127.0.0.1:" + listener.address().getPort()
                    + " -CAfile ../ca.crt -verify_return_error -verify_hostname " + HOST + " -quiet "
                    + options + "; echo exit $?";
            try (Tool tool = Tool.start(work, "sh", "-c", command)) {
                return said(tool);
            } finally {
                assertThat(listener.close().await(30, TimeUnit.SECONDS)).isTrue();
            }
        }
    }

    private static String said(Tool tool) throws IOException, InterruptedException {
        return String.join("\n", tool.lines());
    }

    private TlsServerConfig config(Kind kind) throws IOException {
        return serverConfig(folder, CA.issue(kind, "server", HOST));
    }

    @ParameterizedTest
    @CsvSource({"RSA, -tls1_2", "RSA, -tls1_3", "EC, -tls1_2", "EC, -tls1_3", "ED25519, -tls1_2",
        "ED25519, -tls1_3"})
    void everyKindOfKeyIsTaken(Kind kind, String version) throws Exception {
        assertThat(connect(config(kind), List.of(), version)).contains("hello nobody by null", "exit 0");
    }

    @ParameterizedTest
    @CsvSource({"-tls1", "-tls1_1"})
    void oldVersionsAreRefused(String version) throws Exception {
        assertThat(connect(config(Kind.EC), List.of(), version + " -cipher ALL:@SECLEVEL=0"))
                .contains("exit 1").doesNotContain("hello");
    }

    @Test
    void aCommonProtocolIsAgreedOn() throws Exception {
        assertThat(connect(config(Kind.EC), List.of("postgresql"), "-alpn h2,postgresql"))
                .contains("hello nobody by postgresql", "exit 0");
    }

    @Test
    void aClientWithoutAlpnIsLetIn() throws Exception {
        assertThat(connect(config(Kind.EC), List.of("postgresql"), "")).contains("hello nobody by null",
                "exit 0");
    }

    @ParameterizedTest
    @CsvSource({"-tls1_2", "-tls1_3"})
    void aClientOfAnotherProtocolIsToldThatThereIsNone(String version) throws Exception {
        assertThat(connect(config(Kind.EC), List.of("postgresql"), "-alpn h2,http/1.1 " + version))
                .contains("no application protocol", "SSL alert number 120", "exit 1")
                .doesNotContain("hello");
    }

    @Test
    void aClientCertificateIsAskedForAndVerified() throws Exception {
        Certificates alice = CLIENT_CA.issue(Kind.RSA, "alice");
        alice.certificateIn(folder, "alice");
        alice.keyIn(folder, "alice", Form.TRADITIONAL, "");
        TlsServerConfig config = serverConfig(folder, CA.issue("server", HOST),
                Optional.of(CLIENT_CA.certificateIn(folder, "client-ca")), true);
        assertThat(connect(config, List.of(), "-cert ../alice.crt -key ../alice.key"))
                .contains("hello alice by null", "exit 0");
    }

    @Test
    void aClientWithoutACertificateIsToldThatOneIsRequired() throws Exception {
        TlsServerConfig config = serverConfig(folder, CA.issue("server", HOST),
                Optional.of(CLIENT_CA.certificateIn(folder, "client-ca")), true);
        assertThat(connect(config, List.of(), "")).contains("alert").doesNotContain("hello");
    }
}
