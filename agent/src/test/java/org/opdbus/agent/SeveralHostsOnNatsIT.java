// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Three hosts that meet at three nats-servers, which store all streams three times. */
final class SeveralHostsOnNatsIT extends SeveralHostsCases {
    /** On the wire, by all tests, the servers' own among it. */
    private static final long BYTES_MAX = 150_000_000;

    @Override
    ManyHosts create(Path into, List<String> names) {
        return ManyHosts.onNats(into, names);
    }

    @Override
    void checkPorts(Map<Integer, Long> bytes) {
        // Hosts with servers, servers with each other, and the door: the searched bytes are what they sent.
        assertThat(bytes.get(4222)).isGreaterThan(10_000);
        assertThat(bytes.get(6222)).isGreaterThan(10_000);
        assertThat(bytes.get(7802)).isGreaterThan(1_000);
        assertThat(bytes.getOrDefault(4222, 0L) + bytes.getOrDefault(6222, 0L)).isLessThan(BYTES_MAX);
        assertThat(bytes).doesNotContainKeys(7800, 7801);
    }
}
