// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.engine;

/** What the agent takes from an engine at most; more ends the session, or the one answer. */
final class EngineLimits {
    static final int LIST_BYTES_MAX = 16 << 20;
    static final int CONTAINER_BYTES_MAX = 1 << 20;
    static final int EVENT_BYTES_MAX = 64 << 10;
    /** Of one answer; a container in a list or an event has some hundred bytes. */
    static final int CONTAINERS_MAX = 8_192;

    /** Ten times what a host does that starts containers as fast as it can. */
    static final int EVENTS_PER_SECOND_MAX = 20_000;
    /** How many containers may wait for a question about them. */
    static final int QUESTIONS_MAX = CONTAINERS_MAX;

    /** More than an engine answers at once on most hosts; some that hang must not hold up the others. */
    static final int QUESTIONS_AT_ONCE = 8;
    /** Of a name, an image or a network mode; longer ones are cut. */
    static final int TEXT_LENGTH_MAX = 255;

    private EngineLimits() {}
}
