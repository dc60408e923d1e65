// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.introspect.owner;

import java.util.Comparator;

/**
 * What says that a link belongs to an owner.
 *
 * @param link the name of the link, or {@link #RESOLVER}
 * @param owner whose it is
 * @param what the connection, file, stanza or container of the owner's, for people
 * @param evidence how it is known: the path of a file (with {@code :LINE} where that helps), an object on D-Bus, a row of Open
 *     vSwitch
 */
public record Claim(String link, Owner owner, String what, String evidence) {
    /** Stands in the place of a link for the configuration of the resolver. No link can have this name. */
    public static final String RESOLVER = "/etc/resolv.conf";

    static final Comparator<Claim> FIRST_TO_LAST =
            Comparator.comparing(Claim::owner).thenComparing(Claim::what).thenComparing(Claim::evidence);
}
