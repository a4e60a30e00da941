package dev.turnout.proxy.pg.auth;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.turnout.config.Secret;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever is printed or thrown, on any path, holds nothing that helps to log in. */
class SecrecyTest {
    private static final String PASSWORD = "hush-hush";
    private static final byte[] SALT = {9, 8, 7, 6, 5, 4, 3, 2, 1};
    private static final Verifier VERIFIER = Verifier.of(PASSWORD, SALT, 5);
    private static final Credentials RIGHT = new Credentials.Password(new Secret(PASSWORD));

    private final List<String> shown = new ArrayList<>();
    private final List<byte[]> messages = new ArrayList<>();

    private ScramServer server() {
        return new ScramServer(VERIFIER, null, false, new Random(1));
    }

    private void show(Object object) {
        shown.add(object.toString());
    }

    /** One exchange, of which one message is broken in every way that {@code way} knows. */
    private void exchange(int brokenMessage, int way) {
        try {
            ScramClient client = Exchange.client(RIGHT);
            show(client);
            ScramServer server = server();
            show(server);
            byte[] first = passing(client.first(), brokenMessage == 0, way);
            byte[] second = passing(server.clientFirst(client.mechanism(), first), brokenMessage == 1, way);
            byte[] third = passing(client.next(second), brokenMessage == 2, way);
            client.last(passing(server.clientFinal(third), brokenMessage == 3, way));
            show(server.keys());
        } catch (AuthException e) {
            show(e);
        }
    }

    private byte[] passing(byte[] message, boolean broken, int way) {
        messages.add(message);
        String text = new String(message, ISO_8859_1);
        return !broken ? message : switch (way) {
            case 0 -> text.substring(0, text.length() / 2).getBytes(ISO_8859_1);
            case 1 -> text.replace("=", "=m=").getBytes(ISO_8859_1);
            case 2 -> (text + ",m=1").getBytes(ISO_8859_1);
            case 3 -> text.replaceAll("[svpc]=", "$0AAAA").getBytes(ISO_8859_1);
            case 4 -> text.replaceAll("([vp]=)....", "$1AAAA").getBytes(ISO_8859_1);
            default -> ("e=" + PASSWORD + "," + text).getBytes(ISO_8859_1);
        };
    }

    @Test
    void nothingSecretIsShown() {
        for (int broken = -1; broken < 4; broken++) {
            for (int way = 0; way < 6; way++) {
                exchange(broken, way);
            }
        }
        show(VERIFIER);
        show(RIGHT);
        show(new Credentials.Md5(new Secret(Md5.hash(PASSWORD, "u"))));
        assertThat(shown).hasSizeGreaterThan(60).allSatisfy(text -> assertThat(text).isNotEmpty());
        byte[] salted = Sha256.salted(PASSWORD, SALT, 5);
        List<String> secrets = new ArrayList<>(List.of(PASSWORD, Md5.hash(PASSWORD, "u").substring(3)));
        for (byte[] secret : List.of(salted, Verifier.clientKey(salted), VERIFIER.storedKey(),
                VERIFIER.serverKey(),
                SALT, PASSWORD.getBytes(StandardCharsets.UTF_8))) {
            secrets.add(Scram.base64(secret));
            secrets.add(HexFormat.of().formatHex(secret));
        }
        for (byte[] message : messages) {
            for (String attribute : new String(message, ISO_8859_1).split(",", -1)) {
                if (attribute.length() > 8) {
                    secrets.add(attribute.substring(2));
                }
            }
        }
        assertThat(shown).as("no password, key, salt, nonce, proof or signature")
                .allSatisfy(text -> assertThat(text).doesNotContain(secrets));
    }
}
