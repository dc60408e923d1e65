// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.introspect.owner;

import java.util.List;

/**
 * The answer of one reader.
 *
 * @param claims the claims that it found
 * @param troubles what it could not read, and why, in sentences for people
 */
public record Findings(List<Claim> claims, List<String> troubles) {
    /** The answer of a reader whose program is absent. */
    public static final Findings NONE = new Findings(List.of(), List.of());

    public Findings {
        claims = List.copyOf(claims);
        troubles = List.copyOf(troubles);
    }

    static Findings trouble(String why) {
        return new Findings(List.of(), List.of(why));
    }
}
