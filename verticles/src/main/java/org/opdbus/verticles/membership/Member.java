// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership;

import java.time.Instant;

/**
 * A host that takes part now, as its certificate names it.
 *
 * @param host its name
 * @param nodeId the id of this run in the clustered Vert.x instance
 * @param bus the address where its event bus receives messages
 * @param fingerprint of its certificate, SHA-256 in hexadecimal
 * @param expires when that certificate expires
 */
public record Member(String host, String nodeId, String bus, String fingerprint, Instant expires) {}
