// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker;

import org.opdbus.events.ContainerId.Kind;
import org.opdbus.verticles.testing.PrivateDocker;

class DockerMeshIT extends EngineMeshCases {
    DockerMeshIT() {
        super(Kind.DOCKER, new PrivateDocker());
    }
}
