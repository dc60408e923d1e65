// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.doctor;

import java.util.List;

/** Checks one aspect of a host. */
interface Check {
    /** Returns at least one finding, unless the aspect does not apply to this host. */
    List<CheckResult> examine(HostSnapshot patient);
}
