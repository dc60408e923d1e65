// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker.plan;

import java.util.List;
import org.opdbus.events.Event;

/**
 * What follows from one observation.
 *
 * @param next the state from now on
 * @param facts the facts to publish
 * @param againMs the delay until the next check, in milliseconds
 */
public record MeshTransition(MeshState next, List<Event> facts, long againMs) {
    public MeshTransition {
        facts = List.copyOf(facts);
    }
}
