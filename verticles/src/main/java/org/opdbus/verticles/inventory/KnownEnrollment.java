// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.inventory;

import java.time.Instant;
import java.util.Optional;
import org.opdbus.events.EnrollmentEvent.ContainerEnrolled;

/**
 * An enrolment that stands.
 *
 * @param fact what was enrolled, and how
 * @param since when it was enrolled or, after a restart of the agent, found to be
 * @param height the height of its ledger entry; empty until the entry is on disk
 */
public record KnownEnrollment(ContainerEnrolled fact, Instant since, Optional<Long> height) {}
