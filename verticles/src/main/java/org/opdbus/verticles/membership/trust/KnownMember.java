// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership.trust;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A host that the CA admitted, as listed in the trust bundle.
 *
 * @param host its name
 * @param address the address for the other members
 * @param fingerprint of its newest certificate, SHA-256 in hexadecimal
 * @param expires when that certificate expires
 * @param removed when all of its certificates were revoked; empty for a member
 * @param hasNewestAuthority whether the CA that signs new certificates has signed this one
 */
public record KnownMember(
        String host,
        String address,
        String fingerprint,
        Instant expires,
        Optional<Instant> removed,
        boolean hasNewestAuthority) {
    /**
     * Returns the hosts in the folder of a host, by name; including removed ones until their certificates expire.
     *
     * @throws MembershipException NO_IDENTITY if this host is in no cluster
     */
    public static List<KnownMember> in(Path dir) {
        return of(new ClusterFolder(dir).requireTrustBundle().content());
    }

    public static List<KnownMember> of(TrustBundle bundle) {
        String authority = Pem.fingerprint(bundle.authority());
        List<TrustBundle.Issued> shown = new ArrayList<>(bundle.members());
        for (TrustBundle.Issued each : bundle.issued()) {
            if (each.isRemoved()
                    && shown.stream().noneMatch(other -> other.host().equals(each.host()))) {
                shown.add(each);
            }
        }
        return shown.stream()
                .sorted(Comparator.comparing(TrustBundle.Issued::host))
                .map(each -> new KnownMember(
                        each.host(),
                        each.address(),
                        each.fingerprint(),
                        each.expires(),
                        each.removed(),
                        each.authority().equals(authority)))
                .toList();
    }
}
