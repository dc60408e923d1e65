// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership.trust;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.opdbus.verticles.files.AtomicFile;
import org.opdbus.verticles.membership.trust.MembershipException.Reason;

/**
 * The folder of a host's files about the cluster: {@code identity.pem}, {@code roster.json}, and on the host that
 * holds the CA {@code ca.pem}, {@code ca-old.pem} while the CA is being replaced, and {@code tokens.json}. Only their
 * owner can ever read them, and each is replaced as a whole.
 */
public final class ClusterFolder {
    public static final String IDENTITY = "identity.pem";
    static final String TRUST_BUNDLE = "roster.json";
    public static final String AUTHORITY = "ca.pem";
    static final String OLD_AUTHORITY = "ca-old.pem";
    static final String TOKENS = "tokens.json";
    private static final String LOCK = "lock";

    private static final Set<PosixFilePermission> OTHERS = EnumSet.complementOf(EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE));

    /** A file lock belongs to a process; this lock separates the threads of one process. */
    private static final ReentrantLock THREADS = new ReentrantLock();

    private final Path dir;

    public ClusterFolder(Path dir) {
        this.dir = dir;
    }

    public Path dir() {
        return dir;
    }

    public boolean has(String name) {
        return Files.exists(dir.resolve(name));
    }

    /** Returns this host's identity; empty if it is in no cluster. */
    public Optional<Identity> identity() {
        return parsed(IDENTITY, text -> {
            List<X509Certificate> certificates = Pem.certificates(text);
            return new Identity(Pem.key(text), certificates.get(0), certificates.get(1));
        });
    }

    /**
     * Returns this host's identity.
     *
     * @throws MembershipException NO_IDENTITY with what to do
     */
    public Identity requireIdentity() {
        return identity()
                .orElseThrow(() -> new MembershipException(
                        Reason.NO_IDENTITY,
                        "this host has no identity in a cluster (" + dir.resolve(IDENTITY)
                                + " does not exist); run \"op-dbus cluster init\" or \"op-dbus "
                                + "cluster join\""));
    }

    public void keep(Identity identity) {
        write(IDENTITY, Pem.text(identity.key()) + Pem.text(identity.certificate()) + Pem.text(identity.issuer()));
    }

    /** Returns the latest trust bundle of the CA; empty if this host is in no cluster. */
    Optional<SignedTrustBundle> bundle() {
        return text(TRUST_BUNDLE).map(SignedTrustBundle::kept);
    }

    public SignedTrustBundle requireTrustBundle() {
        return bundle().orElseThrow(() -> new MembershipException(
                Reason.NO_IDENTITY,
                dir.resolve(TRUST_BUNDLE) + " does not exist; run \"op-dbus cluster init\" or \"op-dbus "
                        + "cluster join\""));
    }

    public void keep(SignedTrustBundle bundle) {
        write(TRUST_BUNDLE, bundle.text());
    }

    /** Returns a CA's key and certificate, from the file of this name; empty if it is not on this host. */
    Optional<Certificates.Signer> signer(String name) {
        return parsed(
                name,
                text -> new Certificates.Signer(
                        Pem.key(text), Pem.certificates(text).get(0)));
    }

    void keep(String name, Certificates.Signer signer) {
        write(name, Pem.text(signer.key()) + Pem.text(signer.certificate()));
    }

    private interface Parser<T> {
        T parse(String text) throws GeneralSecurityException;
    }

    private <T> Optional<T> parsed(String name, Parser<T> parser) {
        return text(name).map(text -> {
            try {
                return parser.parse(text);
            } catch (GeneralSecurityException | RuntimeException e) {
                throw new MembershipException(
                        Reason.DAMAGED, dir.resolve(name) + " is not a key with its certificate: " + e.getMessage(), e);
            }
        });
    }

    /** Returns the text of a file; empty if it does not exist. */
    Optional<String> text(String name) {
        Path file = dir.resolve(name);
        try {
            if (!Files.exists(file)) {
                return Optional.empty();
            }
            if (Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains)) {
                throw new MembershipException(Reason.DAMAGED, file + " is open to others: chmod 600 " + file);
            }
            return Optional.of(Files.readString(file));
        } catch (IOException e) {
            throw new MembershipException(Reason.FILE, "cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    void write(String name, String text) {
        Path file = dir.resolve(name);
        try {
            make();
            AtomicFile.replace(file, text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new MembershipException(Reason.FILE, "cannot write " + file + ": " + e.getMessage(), e);
        }
    }

    void delete(String name) {
        try {
            Files.deleteIfExists(dir.resolve(name));
        } catch (IOException e) {
            throw new MembershipException(Reason.FILE, "cannot delete " + dir.resolve(name) + ": " + e.getMessage(), e);
        }
    }

    /** Runs an operation exclusively: no other thread and no other process changes this folder at the same time. */
    public <T> T locked(Supplier<T> work) {
        THREADS.lock();
        try {
            make();
            try (FileChannel channel = FileChannel.open(
                            dir.resolve(LOCK),
                            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                    FileLock held = channel.lock()) {
                if (!held.isValid()) {
                    throw new IllegalStateException("a lock that was just taken is not valid");
                }
                return work.get();
            }
        } catch (IOException e) {
            throw new MembershipException(Reason.FILE, "cannot use " + dir + ": " + e.getMessage(), e);
        } finally {
            THREADS.unlock();
        }
    }

    private void make() throws IOException {
        if (!Files.isDirectory(dir)) {
            Files.createDirectories(
                    dir, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
    }
}
