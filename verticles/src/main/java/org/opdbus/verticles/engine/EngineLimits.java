// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.engine;

/** Limits of what the agent takes from an engine. What exceeds one ends the session, or the one answer. */
final class EngineLimits {
    static final int LIST_BYTES_MAX = 16 << 20;
    static final int CONTAINER_BYTES_MAX = 1 << 20;
    static final int EVENT_BYTES_MAX = 64 << 10;
    /** The limit of one answer; a container in a list or an event has some hundred bytes. */
    static final int CONTAINERS_MAX = 8_192;

    /** A host that starts containers as fast as it can has a tenth of these. */
    static final int EVENTS_PER_SECOND_MAX = 20_000;
    /** How many containers may wait for a question about them. */
    static final int QUESTIONS_MAX = CONTAINERS_MAX;

    /** More than an engine answers at once on most hosts; some that hang must not hold up the others. */
    static final int QUESTIONS_AT_ONCE = 8;
    /** The limit of a name, an image or a network mode; the agent cuts longer ones. */
    static final int TEXT_LENGTH_MAX = 255;

    private EngineLimits() {}
}
