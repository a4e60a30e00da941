package dev.turnout.proxy.testkit;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/** SCRAM-SHA-256 as a client of its own making does it, without a look at the code under test. */
public final class RawScram {
    private static final String FIRST_BARE = "n=,r=rOprNGfwEbeRWgbNEkqO";
    private static final int KEY_BITS = 256;

    private final RawPostgres client;
    private String serverFirst = "";

    public RawScram(RawPostgres client) {
        this.client = client;
    }

    /** Up to and with AuthenticationOk; a refusal is an exception. */
    public void login(String password) throws IOException {
        begin();
        RawPostgres.Message answer = finish(password);
        if (answer.type() != 'R') {
            throw new IOException("refused: " + answer.error());
        }
        expect(client.next(), 0);
    }

    /** Answers the server-first-message: nonce, salt and iterations. */
    public String begin() throws IOException {
        expect(client.next(), 10);
        client.send((byte) 'p',
                initialResponse("SCRAM-SHA-256", "n,," + FIRST_BARE, FIRST_BARE.length() + 3));
        RawPostgres.Message message = client.next();
        expect(message, 11);
        serverFirst = message.text().substring(Integer.BYTES);
        return serverFirst;
    }

    /** {@code length}: what the message claims to hold. */
    public static byte[] initialResponse(String mechanism, String first, int length) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        DataOutputStream data = new DataOutputStream(body);
        data.write((mechanism + "\0").getBytes(StandardCharsets.US_ASCII));
        data.writeInt(length);
        data.write(first.getBytes(StandardCharsets.US_ASCII));
        return body.toByteArray();
    }

    /** Sends the proof and answers what the server says to it. */
    public RawPostgres.Message finish(String password) throws IOException {
        client.send((byte) 'p', finalMessage(password).getBytes(StandardCharsets.US_ASCII));
        return client.next();
    }

    public String finalMessage(String password) throws IOException {
        String[] parts = serverFirst.split(",", -1);
        byte[] salt = Base64.getDecoder().decode(parts[1].substring(2));
        String withoutProof = "c=biws," + parts[0];
        String whole = FIRST_BARE + "," + serverFirst + "," + withoutProof;
        try {
            byte[] salted = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(new PBEKeySpec(
                            password.toCharArray(), salt, Integer.parseInt(parts[2].substring(2)), KEY_BITS))
                    .getEncoded();
            byte[] clientKey = hmac(salted, "Client Key");
            byte[] signature = hmac(MessageDigest.getInstance("SHA-256").digest(clientKey), whole);
            byte[] proof = Arrays.copyOf(clientKey, clientKey.length);
            for (int i = 0; i < proof.length; i++) {
                proof[i] ^= signature[i];
            }
            return withoutProof + ",p=" + Base64.getEncoder().encodeToString(proof);
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void expect(RawPostgres.Message message, int kind) throws IOException {
        if (message.type() != 'R' || message.bytes().getInt() != kind) {
            throw new IOException(message.type() == 'E'
                    ? "refused: " + message.error()
                    : "not asked as expected: " + message);
        }
    }
}
