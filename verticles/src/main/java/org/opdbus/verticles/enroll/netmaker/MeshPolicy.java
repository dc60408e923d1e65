// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker;

import java.util.Optional;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.plan.MeshIntent;

/** Says which containers are to be in a mesh. Called on an event loop; must not block. */
@FunctionalInterface
public interface MeshPolicy {
    /** The mesh that this container is to be in now; empty if it is to be in none. */
    Optional<MeshIntent> intentFor(ContainerId container);
}
