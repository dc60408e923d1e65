// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.opdbus.verticles.lab.machine.EmptyLab.LAB;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.driver.CommandRunner;
import org.opdbus.verticles.driver.lxc.LxcDriver;
import org.opdbus.verticles.lab.definition.LabItem;
import org.opdbus.verticles.lab.definition.LabMachine.Lxc;
import org.opdbus.verticles.lab.definition.LabRefusal;
import org.opdbus.verticles.lab.plan.LabPicture.MachineState;
import org.opdbus.verticles.testing.Links;
import org.opdbus.verticles.testing.LxcContainers;
import org.opdbus.verticles.testing.LxcContainers.Definition;

@Timeout(300)
final class LxcMachinesIT {
    private final CommandRunner runner = new CommandRunner();
    private final LxcContainers containers = new LxcContainers();
    private final LxcDriver driver = new LxcDriver(runner, containers.lxcPath());
    private final EmptyLab lab = new EmptyLab();
    private final LxcMachines machines = new LxcMachines(driver, lab.folders(), "netdev");

    @AfterEach
    void close() {
        machines.close();
        containers.close();
        runner.close();
        lab.close();
    }

    @Test
    void two_containers_reach_each_other_and_the_host_sees_no_link() {
        String before = Links.ip("link");
        containers.create(Definition.of("a").withoutNetwork());
        containers.create(Definition.of("b").withoutNetwork()).start("b");
        LabItem one = item("web", 1, "a", Optional.empty());
        LabItem two = item("db", 2, "b", Optional.empty());
        machines.start(LAB, one).andThen(machines.start(LAB, two)).blockingAwait();
        machines.start(LAB, one).blockingAwait();
        assertThat(states()).isEqualTo(Map.of("web", MachineState.RUNNING, "db", MachineState.RUNNING));
        assertThat(Links.ip("link")).isEqualTo(before);
        EmptyLab.join("_k_1_0", "_k_2_0");
        containers.attach("a", "ip", "addr", "add", "10.7.0.1/24", "dev", "eth0");
        containers.attach("b", "ip", "addr", "add", "10.7.0.2/24", "dev", "eth0");
        assertThat(containers.attach("a", "ping", "-c", "1", "10.7.0.2")).contains("1 packets received");
        assertThat(containers.attach("a", "cat", "/sys/class/net/eth0/address").strip())
                .isEqualTo("02:00:00:00:01:00");

        machines.stop(LAB, one).andThen(machines.stop(LAB, two)).blockingAwait();
        assertThat(containers.state("a")).isEqualTo("STOPPED");
        // The lab did not start this one.
        assertThat(containers.state("b")).isEqualTo("RUNNING");
        assertThat(containers.attach("b", "ip", "link")).doesNotContain("eth0");
        assertThat(states()).isEmpty();
    }

    @Test
    void a_restarted_container_gets_its_links_again() {
        containers.create(Definition.of("a").withoutNetwork());
        LabItem web = item("web", 1, "a", Optional.empty());
        machines.start(LAB, web).blockingAwait();
        containers.stop("a");
        machines.stopped(new ContainerId("a"));
        assertThat(states()).isEqualTo(Map.of("web", MachineState.ENDED));
        containers.start("a");
        machines.started(new ContainerId("a"), containers.initPid("a"));
        assertThat(states()).isEmpty();
        machines.start(LAB, web).blockingAwait();
        assertThat(containers.attach("a", "ip", "link")).contains("eth0");
        machines.stop(LAB, web).blockingAwait();
        // Its user started it.
        assertThat(containers.state("a")).isEqualTo("RUNNING");
    }

    @Test
    void a_container_by_a_template_comes_and_goes_with_its_item() {
        LabItem web = item("web", 1, "made", Optional.of("busybox"));
        machines.start(LAB, web).blockingAwait();
        assertThat(containers.attach("made", "ip", "link")).contains("eth0");
        LabItem other = item("web", 1, "made", Optional.of("busybox"));
        assertThatThrownBy(() -> machines.start("u", other).blockingAwait())
                .isInstanceOf(LabRefusal.class)
                .hasMessage("there is a container made already, which this lab did not make");
        machines.stop(LAB, web).blockingAwait();
        assertThat(containers.lxcPath().resolve("made")).doesNotExist();
    }

    @Test
    void a_container_with_a_link_of_its_own_is_left_as_it_is() {
        containers.create("a").create("b").start("b");
        assertThatThrownBy(() -> machines.start(LAB, item("web", 1, "a", Optional.empty()))
                        .blockingAwait())
                .isInstanceOf(LabRefusal.class)
                .hasMessageContaining("has a network of its own (lxc.net.0.type = veth)");
        assertThat(containers.state("a")).isEqualTo("STOPPED");
        assertThatThrownBy(() -> machines.start(LAB, item("db", 2, "b", Optional.empty()))
                        .blockingAwait())
                .isInstanceOf(LabRefusal.class)
                .hasMessageContaining("has a link eth0 already");
        machines.stop(LAB, item("db", 2, "b", Optional.empty())).blockingAwait();
        assertThat(containers.state("b")).isEqualTo("RUNNING");
        assertThat(containers.attach("b", "ip", "link")).contains("eth0");
        assertThatThrownBy(() -> machines.start(LAB, item("no", 3, "absent", Optional.empty()))
                        .blockingAwait())
                .isInstanceOf(LabRefusal.class)
                .hasMessage("there is no container absent");
    }

    @Test
    void a_container_is_ended_whose_start_was_the_last_thing_that_a_killed_agent_did() {
        containers.create(Definition.of("a").withoutNetwork());
        driver.startForLab(new ContainerId("a"), lab.file("lxc-1.starter")).blockingAwait();
        assertThat(containers.state("a")).isEqualTo("RUNNING");
        machines.stop(LAB, item("web", 1, "a", Optional.empty())).blockingAwait();
        assertThat(containers.state("a")).isEqualTo("STOPPED");

        // Started again by its user, it is the user's.
        driver.startForLab(new ContainerId("a"), lab.file("lxc-1.starter")).blockingAwait();
        containers.stop("a").start("a");
        machines.stop(LAB, item("web", 1, "a", Optional.empty())).blockingAwait();
        assertThat(containers.state("a")).isEqualTo("RUNNING");
    }

    private Map<String, MachineState> states() {
        return machines.states(LAB).blockingGet();
    }

    private static LabItem item(String name, int id, String container, Optional<String> template) {
        return new LabItem(name, id, new Lxc(container, template), List.of(EmptyLab.endpoint(id, 0)));
    }
}
