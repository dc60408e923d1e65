// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.inventory;

import java.time.Instant;
import java.util.Optional;
import org.opdbus.events.EnrollmentEvent.ContainerEnrolled;

/**
 * An open enrolment.
 *
 * @param fact the published fact of the enrolment
 * @param since the time at which this run of the agent enrolled it, or found it after a restart
 * @param height the height of its ledger entry; empty until the entry is on disk
 */
public record KnownEnrollment(ContainerEnrolled fact, Instant since, Optional<Long> height) {}
