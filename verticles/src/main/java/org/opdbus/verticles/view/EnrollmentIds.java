// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.view;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/** Makes the ids of enrolments: equal texts give equal ids in one run of the agent, and other ids in every other run. */
final class EnrollmentIds {
    private static final long VERSION_MASK = 0xFFFF_FFFF_FFFF_0FFFL;
    /** A UUID whose bits its maker has chosen (RFC 9562 section 5.8). */
    private static final long VERSION_8 = 0x8000L;

    private static final int RUN_CHARACTERS = 18;

    private final long run;

    /**
     * Ids of this run.
     *
     * @param run a random number that tells this run of the agent from every other
     */
    EnrollmentIds(long run) {
        this.run = (run & VERSION_MASK) | VERSION_8;
    }

    String of(String text) {
        UUID hash = UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8));
        return new UUID(run, hash.getLeastSignificantBits()).toString();
    }

    /** Whether this run made the id. */
    boolean isOfThisRun(String id) {
        return id.startsWith(new UUID(run, 0).toString().substring(0, RUN_CHARACTERS));
    }
}
