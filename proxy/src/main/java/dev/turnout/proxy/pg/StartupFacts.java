package dev.turnout.proxy.pg;

import dev.turnout.proxy.pg.auth.StartupParameters;
import dev.turnout.proxy.routing.RequestFacts;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What a decision may ask of a session that begins. Confined to its event loop. */
final class StartupFacts implements RequestFacts {
    private StartupParameters parameters = StartupParameters.of(new LinkedHashMap<>(Map.of("user", "-")));
    private InetAddress client = InetAddress.getLoopbackAddress();

    /** Borrows both until the next call. */
    StartupFacts of(StartupParameters of, InetAddress from) {
        parameters = of;
        client = from;
        return this;
    }

    @Override
    public int startup(byte[] lowerCaseName, byte[] into, int offset) {
        Optional<String> value = parameters.find(new String(lowerCaseName, StandardCharsets.US_ASCII));
        if (value.isEmpty()) {
            return ABSENT;
        }
        byte[] bytes = value.get().getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(bytes, 0, into, offset, bytes.length);
        return bytes.length;
    }

    @Override
    public int client(byte[] into, int offset) {
        byte[] bytes = client.getAddress();
        System.arraycopy(bytes, 0, into, offset, bytes.length);
        return bytes.length;
    }

    @Override
    public int header(byte[] lowerCaseName, byte[] into, int offset) {
        return ABSENT;
    }

    @Override
    public int cookie(byte[] name, byte[] into, int offset) {
        return ABSENT;
    }

    @Override
    public int query(byte[] name, byte[] into, int offset) {
        return ABSENT;
    }

    @Override
    public int method(byte[] into, int offset) {
        return ABSENT;
    }

    @Override
    public int path(byte[] into, int offset) {
        return ABSENT;
    }

    @Override
    public int host(byte[] into, int offset) {
        return ABSENT;
    }
}
