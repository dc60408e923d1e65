// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.introspect.owner;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The claims of all readers.
 *
 * @param byName the claims on each link, by its name, in the order that the package documentation gives; a link without claims
 *     is not in it
 * @param troubles what could not be read, in sentences for people
 */
public record Ownership(Map<String, List<Claim>> byName, List<String> troubles) {
    public Ownership {
        byName = Map.copyOf(byName);
        troubles = List.copyOf(troubles);
    }

    /** Returns the claims on a link; empty if it belongs to nobody. */
    public List<Claim> of(String link) {
        return byName.getOrDefault(link, List.of());
    }

    /** Returns the claims on the configuration of the resolver; empty if none is known. */
    public List<Claim> ofResolver() {
        return of(Claim.RESOLVER);
    }

    /** Puts the answers of several readers together. Their order does not matter. */
    static Ownership of(Collection<Findings> answers) {
        Map<String, Set<Claim>> claims = new TreeMap<>();
        List<String> troubles = new ArrayList<>();
        for (Findings answer : answers) {
            answer.claims()
                    .forEach(claim -> claims.computeIfAbsent(claim.link(), link -> new LinkedHashSet<>())
                            .add(claim));
            troubles.addAll(answer.troubles());
        }
        Map<String, List<Claim>> sorted = new TreeMap<>();
        claims.forEach((link, all) ->
                sorted.put(link, all.stream().sorted(Claim.FIRST_TO_LAST).toList()));
        return new Ownership(sorted, troubles.stream().sorted().toList());
    }
}
