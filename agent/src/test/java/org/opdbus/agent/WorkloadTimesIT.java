// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.opdbus.agent.WorkloadBench.Times;

/** How soon containers of Docker and Podman have their ports; {@code -Dworkloads=20} makes them more. */
class WorkloadTimesIT {
    private static final int COUNT = Integer.getInteger("workloads", 3);
    private static final double MANY_MS = 10_000;

    @Test
    void a_port_is_live_soon_after_the_engines_event() {
        try (WorkloadHost scene = WorkloadHost.overheard().start();
                SwitchWatch ports = new SwitchWatch(scene.host.ovs.socket().toString())) {
            WorkloadBench bench = new WorkloadBench(scene, ports, COUNT);
            bench.warmUp();
            List<Times> all = Stream.of(
                            bench.oneAtATime("docker"),
                            bench.atOnce("docker"),
                            bench.oneAtATime("podman"),
                            bench.atOnce("podman"),
                            bench.ovsDockerOneAtATime(),
                            bench.ovsDockerAtOnce())
                    .flatMap(List::stream)
                    .toList();
            all.forEach(System.out::println);
            // A machine that is busy must not fail this.
            assertThat(all).allSatisfy(times -> assertThat(times.percentile(99)).isBetween(0.0, MANY_MS));
        }
    }
}
