// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Members in one process, at addresses of their own. */
final class MembershipIT {
    @TempDir
    Path folder;

    @Test
    void three_members_find_each_other_and_hear_what_one_publishes() {
        try (ClusterFixture cluster = new ClusterFixture(folder)) {
            cluster.found(1);
            cluster.letIn(2, cluster.authority(1));
            cluster.letIn(3, cluster.authority(1));
            long start = System.nanoTime();
            Membership first = cluster.open(1);
            Membership second = cluster.open(2);
            Membership third = cluster.open(3);
            for (Membership each : List.of(first, second, third)) {
                eventually(() -> assertThat(ClusterFixture.hosts(each)).containsExactlyInAnyOrder("h1", "h2", "h3"));
            }
            System.err.println("formed in ms " + (System.nanoTime() - start) / 1_000_000);
            List<String> heard = new CopyOnWriteArrayList<>();
            for (int number = 2; number <= 3; number++) {
                String host = "h" + number;
                cluster.bus(number).eventBus().<String>consumer("test", message -> heard.add(host + message.body()));
            }
            eventually(() -> {
                cluster.bus(1).eventBus().publish("test", "hello");
                assertThat(heard).contains("h2hello", "h3hello");
            });
        }
    }
}
