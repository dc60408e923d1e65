// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.cluster.nats;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.opdbus.agent.cli.output.CannotRunException;
import org.opdbus.verticles.cluster.nats.Subjects;
import org.opdbus.verticles.files.AtomicFile;
import org.opdbus.verticles.membership.trust.Authority;
import org.opdbus.verticles.membership.trust.Certificates.Signer;
import org.opdbus.verticles.membership.trust.Pem;
import org.opdbus.verticles.membership.trust.TrustBundle;

/**
 * The folder of the files for nats-servers. Only its owner can read it. Written again, it keeps the keys of servers whose
 * certificates are still good, so servers need not be given new ones when a host joins.
 */
public final class NatsFolder {
    /** The users: the only file that changes when a host joins. */
    static final String HOSTS = "hosts.conf";

    static final String AUTHORITY = "ca.crt";
    static final String CONFIGURATION = ".conf";
    static final String CERTIFICATE = ".crt";
    static final String KEY = ".key";

    /** A certificate that would expire sooner is replaced. */
    private static final Duration LIFE_LEFT_LEAST = Duration.ofDays(120);

    private final Path folder;
    private final Authority authority;
    private final TrustBundle cluster;
    private final List<String> written = new ArrayList<>();

    /**
     * @param cluster the CAs and the admitted hosts
     */
    public NatsFolder(Path folder, Authority authority, TrustBundle cluster) {
        this.folder = folder.toAbsolutePath().normalize();
        this.authority = authority;
        this.cluster = cluster;
    }

    /** Returns where the files are, which is also where the servers look for them. */
    public Path path() {
        return folder;
    }

    /**
     * Writes all files and returns the names of those that are new or have changed.
     *
     * @throws CannotRunException if that fails; what was written is complete, file by file
     */
    public List<String> write(List<NatsServerPlace> servers, String prefix, Path store, long storeBytes) {
        written.clear();
        try {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            keep(AUTHORITY, cluster.authorities().stream().map(Pem::text).collect(Collectors.joining()));
            List<String> hosts =
                    cluster.members().stream().map(TrustBundle.Issued::host).toList();
            keep(HOSTS, new NatsHostsText(new Subjects(prefix)).of(hosts));
            NatsServerText text = new NatsServerText(prefix, folder, store, storeBytes);
            for (NatsServerPlace server : servers) {
                if (!hasGoodCertificate(server)) {
                    // Never an old certificate with a new key, also after a crash.
                    Files.deleteIfExists(folder.resolve(server.name() + CERTIFICATE));
                    Signer made = authority.natsServer(server.address().host());
                    keep(server.name() + KEY, Pem.text(made.key()));
                    keep(server.name() + CERTIFICATE, Pem.text(made.certificate()));
                }
                keep(server.name() + CONFIGURATION, text.of(server, servers));
            }
        } catch (IOException e) {
            throw new CannotRunException("cannot write the files of nats-servers into " + folder + ": " + e, e);
        } catch (IllegalArgumentException e) {
            throw new CannotRunException(
                    "cannot write the files of nats-servers: " + e.getMessage() + "; use other names or another folder",
                    e);
        }
        return List.copyOf(written);
    }

    private void keep(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        if (!Files.exists(file) || !text.equals(Files.readString(file))) {
            AtomicFile.replace(file, content);
            written.add(name);
        }
    }

    private boolean hasGoodCertificate(NatsServerPlace server) throws IOException {
        Path file = folder.resolve(server.name() + CERTIFICATE);
        if (!Files.exists(file) || !Files.exists(folder.resolve(server.name() + KEY))) {
            return false;
        }
        try {
            X509Certificate certificate = Pem.certificate(Files.readAllBytes(file));
            if (!isOfGoodAuthority(certificate)) {
                return false;
            }
            Collection<List<?>> names = certificate.getSubjectAlternativeNames();
            return names != null
                    && names.stream()
                            .anyMatch(name -> name.contains(server.address().host()))
                    && certificate
                            .getNotAfter()
                            .toInstant()
                            .isAfter(Instant.now().plus(LIFE_LEFT_LEAST));
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** While the CA is being replaced, the old one's are good until every host knows the new one, and accepts its certificates. */
    private boolean isOfGoodAuthority(X509Certificate certificate) {
        String newest = Pem.fingerprint(cluster.authority());
        boolean allKnowIt =
                cluster.members().stream().allMatch(member -> member.authority().equals(newest));
        return allKnowIt
                ? isSigned(certificate, cluster.authority())
                : cluster.authorities().stream().anyMatch(each -> isSigned(certificate, each));
    }

    private static boolean isSigned(X509Certificate certificate, X509Certificate by) {
        try {
            certificate.verify(by.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}
