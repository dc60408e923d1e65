// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.testing.LxcContainers.Definition;

class LxcContainersIT {
    private final LxcContainers containers = new LxcContainers();

    @AfterEach
    void close() {
        containers.close();
    }

    @Test
    void a_container_lives_from_creation_to_removal() {
        containers.create("one").start("one");
        assertThat(containers.state("one")).isEqualTo("RUNNING");
        assertThat(containers.initPid("one")).isPositive();
        assertThat(containers.attach("one", "hostname")).isEqualTo("one\n");

        containers.stop("one");
        assertThat(containers.state("one")).isEqualTo("STOPPED");
        containers.destroy("one");
        assertThat(containers.lxcPath().resolve("one")).doesNotExist();
    }

    @Test
    void containers_start_together_and_have_the_links_they_were_given() {
        List<String> ids = IntStream.range(100, 112).mapToObj(Integer::toString).toList();
        ids.forEach(id -> containers.create(Definition.of(id)
                .pair("pair" + id)
                .address("10.9.0." + id + "/24")
                .another(1)));

        containers.startAll(ids);

        assertThat(ids).allSatisfy(id -> {
            assertThat(containers.attach(id, "ip", "-o", "link")).contains("eth0", "eth1");
            assertThat(containers.attach(id, "ip", "-o", "address", "show", "eth0"))
                    .contains("10.9.0." + id + "/24");
        });
        containers.stopAll(ids);
    }
}
