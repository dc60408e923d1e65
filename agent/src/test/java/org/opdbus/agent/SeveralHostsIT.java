// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Three hosts that speak with each other. */
final class SeveralHostsIT extends SeveralHostsCases {
    /** On the wire, by all tests; some 15 MB were seen, most of it repeated messages. */
    private static final long BYTES_MAX = 60_000_000;

    @Override
    ManyHosts create(Path into, List<String> names) {
        return new ManyHosts(into, names);
    }

    @Override
    void checkPorts(Map<Integer, Long> bytes) {
        // Membership, event bus and door: the searched bytes are what the hosts sent.
        assertThat(bytes.get(7800)).isGreaterThan(10_000);
        assertThat(bytes.get(7801)).isGreaterThan(10_000);
        assertThat(bytes.get(7802)).isGreaterThan(1_000);
        assertThat(bytes.getOrDefault(7800, 0L) + bytes.getOrDefault(7801, 0L)).isLessThan(BYTES_MAX);
    }
}
