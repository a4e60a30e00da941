package dev.turnout.admin.security;

import dev.turnout.config.Role;
import dev.turnout.config.Secret;
import dev.turnout.config.TokenConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Set;

/** The operator token that is made at each start when the configuration has none; whoever may read its file has it. */
public final class LocalToken {
    /** The name that changes made with it carry. */
    public static final String NAME = "local";

    private static final int TOKEN_BYTES = 32;
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY_FILE = permissions("rw-------");
    private static final FileAttribute<Set<PosixFilePermission>> OWNER_ONLY_FOLDER = permissions("rwx------");

    private LocalToken() {}

    /** Where the token stands: one line, without a line end. */
    public static Path file(Path stateDir) {
        return stateDir.resolve("admin.token");
    }

    /** A new token: 256 random bits. */
    public static TokenConfig make(SecureRandom random) {
        byte[] bytes = new byte[TOKEN_BYTES];
        random.nextBytes(bytes);
        // Hexadecimal: it never begins with a hyphen, which a command line would take for an option.
        String token = HexFormat.of().formatHex(bytes);
        return new TokenConfig(NAME, Role.OPERATOR, new Secret(token));
    }

    /** Replaces the file in one step: nobody reads half a token, or one whose permissions are not set yet. */
    public static void write(Path stateDir, TokenConfig token) throws IOException {
        Files.createDirectories(stateDir, OWNER_ONLY_FOLDER);
        Path draft = Files.createTempFile(stateDir, "admin", ".token.tmp", OWNER_ONLY_FILE);
        try {
            Files.writeString(draft, token.token().reveal());
            Files.move(draft, file(stateDir), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(draft);
        }
    }

    /** Removes what an earlier start wrote: a token that opens nothing only misleads. */
    public static void remove(Path stateDir) throws IOException {
        Files.deleteIfExists(file(stateDir));
    }

    private static FileAttribute<Set<PosixFilePermission>> permissions(String symbolic) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(symbolic));
    }
}
