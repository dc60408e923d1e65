// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.opdbus.events.ContainerId;
import org.opdbus.events.ContainerId.Kind;
import org.opdbus.events.Workload;
import org.opdbus.events.Workload.Asked;
import org.opdbus.events.Workload.EngineContainer;
import org.opdbus.events.Workload.LxcContainer;

/** What the inventory says of containers of different kinds. */
class WorkloadsTest {
    private static final ContainerId WEB = Kind.DOCKER.id("3f2ab1c9d0e1");

    private final LiveInventory live = new LiveInventory(HostFacts.atStart("here", "1", Instant.EPOCH));
    private final List<ContainerId> asked = new ArrayList<>();
    private final ContainerFold fold = new ContainerFold(
            live,
            id -> {
                asked.add(id);
                return WantedContainer.UNNAMED;
            },
            Clock.systemUTC());

    private static EngineContainer web(String name) {
        return new EngineContainer(WEB, name, "nginx:1", "none", Asked.NOTHING);
    }

    private KnownContainer looked(ContainerId id, Optional<Workload> workload) {
        fold.looked(List.of(new ContainerNews(
                id, Optional.of(new ContainerStatus(id, workload, true, ContainerPhase.WAITING, "", "", List.of())))));
        return live.current().containers().get(id).orElseThrow();
    }

    @Test
    void a_container_of_an_engine_has_its_name_and_is_found_in_a_state_file_by_it() {
        KnownContainer web = looked(WEB, Optional.of(web("web")));
        assertThat(web.kind()).isEqualTo(Kind.DOCKER);
        assertThat(web.name()).isEqualTo("web");
        assertThat(web.engine().map(EngineContainer::image)).contains("nginx:1");
        assertThat(asked).containsExactly(Kind.DOCKER.id("web"));
    }

    @Test
    void a_container_that_is_renamed_keeps_its_id() {
        looked(WEB, Optional.of(web("web")));
        assertThat(looked(WEB, Optional.of(web("shop"))).name()).isEqualTo("shop");
        assertThat(live.current().containers().size()).isEqualTo(1);
        assertThat(asked).containsExactly(Kind.DOCKER.id("web"), Kind.DOCKER.id("shop"));
    }

    @Test
    void a_container_of_which_only_a_port_is_left_keeps_its_name_if_that_was_known() {
        assertThat(looked(WEB, Optional.empty()).name()).isEqualTo("3f2ab1c9d0e1");
        looked(WEB, Optional.of(web("web")));
        assertThat(looked(WEB, Optional.empty()).name()).isEqualTo("web");
    }

    @Test
    void a_container_of_LXC_is_named_by_its_id() {
        ContainerId id = new ContainerId("100");
        KnownContainer known = looked(id, Optional.of(new LxcContainer(id, "/var/lib/lxc")));
        assertThat(known.kind()).isEqualTo(Kind.LXC);
        assertThat(known.name()).isEqualTo("100");
        assertThat(known.engine()).isEmpty();
        assertThat(asked).containsExactly(id);
    }
}
