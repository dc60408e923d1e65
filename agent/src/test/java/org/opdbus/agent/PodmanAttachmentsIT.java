// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import org.opdbus.verticles.testing.PrivatePodman;

final class PodmanAttachmentsIT extends AttachmentCases {
    PodmanAttachmentsIT() {
        super("podman", new PrivatePodman());
    }
}
