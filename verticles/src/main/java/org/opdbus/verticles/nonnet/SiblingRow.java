// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.nonnet;

import java.time.Instant;
import java.util.List;

/**
 * Another host of the cluster and its containers, as last heard.
 *
 * @param state {@code up} or {@code away}
 * @param lastSeen when it was heard last
 * @param ledgerHeight how far its ledger had come
 * @param version of its agent
 * @param containers those that it had
 */
public record SiblingRow(
        String host, String state, Instant lastSeen, long ledgerHeight, String version, List<ContainerRow> containers) {
    public SiblingRow {
        containers = List.copyOf(containers);
    }
}
