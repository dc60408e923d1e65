// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.growth;

import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.opdbus.config.ListenAddress;
import org.opdbus.verticles.membership.Libraries;
import org.opdbus.verticles.membership.MembershipOptions;
import org.opdbus.verticles.membership.trust.Authority;
import org.opdbus.verticles.membership.trust.Certificates;
import org.opdbus.verticles.membership.trust.ClusterFolder;
import org.opdbus.verticles.membership.trust.Identity;
import org.opdbus.verticles.membership.trust.Pem;
import org.opdbus.verticles.membership.trust.Trust;

/** Lets played hosts into the cluster of a real one, by its CA, as the door does. For one thread. */
public final class PlayedCluster {
    private static final Duration LIFE = Duration.ofMinutes(15);

    private final ClusterFolder real;
    private final Authority authority;
    private final Certificates certificates = Libraries.load().certificates();
    private final Map<String, Identity> identities = new LinkedHashMap<>();
    private double lastMs;

    /** Uses the CA in the folder of the real host. */
    public PlayedCluster(Path dir) {
        real = new ClusterFolder(dir);
        authority = new Authority(dir, certificates);
    }

    /** Lets a host in, which listens at this address. */
    public void letIn(String host, String address) {
        long begun = System.nanoTime();
        KeyPair keys = Pem.newKeys();
        String secret = authority.token(LIFE, ListenAddress.parse(address)).secret();
        Authority.Admission admission = authority
                .admit(secret, host, address, certificates.request(keys))
                .orElseThrow();
        identities.put(
                host,
                new Identity(
                        keys.getPrivate(),
                        admission.certificate(),
                        admission.bundle().content().authority()));
        lastMs = (System.nanoTime() - begun) / 1e6;
    }

    /** Returns how long the CA took to let the last host in. */
    public double lastMs() {
        return lastMs;
    }

    public List<String> hosts() {
        return List.copyOf(identities.keySet());
    }

    Identity identity(String host) {
        return Optional.ofNullable(identities.get(host)).orElseThrow();
    }

    Trust trust() {
        return real.requireTrustBundle().content().trust();
    }

    /** Makes the files of a played host in a folder, for a real member that is to take part in its name. */
    public MembershipOptions member(String host, String address, Path folder) {
        ClusterFolder own = new ClusterFolder(folder.resolve(host));
        own.keep(real.requireTrustBundle());
        own.keep(identity(host));
        return new MembershipOptions(
                host,
                new ListenAddress(address, 7800),
                new ListenAddress(address, 7801),
                new ListenAddress(address, 7802),
                List.of(),
                folder.resolve("members"),
                folder.resolve(host));
    }
}
