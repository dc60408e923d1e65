// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.doctor;

import java.util.List;

/** Judges one thing about a host. */
interface Check {
    /** What it found: at least one finding, unless the thing is none of this host's. */
    List<Finding> examine(HostSnapshot patient);
}
