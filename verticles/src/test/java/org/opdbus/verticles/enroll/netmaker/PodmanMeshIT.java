// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker;

import org.opdbus.events.ContainerId.Kind;
import org.opdbus.verticles.testing.PrivatePodman;

class PodmanMeshIT extends EngineMeshCases {
    PodmanMeshIT() {
        super(Kind.PODMAN, new PrivatePodman());
    }
}
