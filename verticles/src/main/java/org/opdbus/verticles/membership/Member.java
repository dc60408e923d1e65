// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership;

import java.time.Instant;

/**
 * A host that takes part now, as its certificate names it.
 *
 * @param host its name
 * @param nodeId by which the clustered Vert.x instance knows this run of it
 * @param bus where its event bus takes messages
 * @param fingerprint of its certificate, SHA-256 in hexadecimal
 * @param expires when that stops to hold
 */
public record Member(String host, String nodeId, String bus, String fingerprint, Instant expires) {}
