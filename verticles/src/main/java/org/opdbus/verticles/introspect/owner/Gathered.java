// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.introspect.owner;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** What a reader has found so far. A file that cannot be read is told, and does not hold up the others. */
final class Gathered {
    private static final int TROUBLES_MAX = 16;

    private final List<Claim> claims = new ArrayList<>();
    private final List<String> troubles = new ArrayList<>();

    /** Reads one of several files. */
    interface Reading {
        void run() throws IOException;
    }

    void claim(Claim claim) {
        claims.add(claim);
    }

    void trouble(String why) {
        if (troubles.size() < TROUBLES_MAX) {
            troubles.add(why);
        } else if (troubles.size() == TROUBLES_MAX) {
            troubles.add("there are more such troubles");
        }
    }

    void attempt(Reading reading) {
        try {
            reading.run();
        } catch (IOException failure) {
            trouble("an owner may be missing: " + failure.getMessage());
        }
    }

    Findings findings() {
        return new Findings(claims, troubles);
    }
}
