// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.state.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.opdbus.config.EnrollmentConfig;
import org.opdbus.config.EnrollmentConfig.NetworkType;
import org.opdbus.config.EnrollmentConfig.OnDrift;
import org.opdbus.config.NamingConfig;
import org.opdbus.config.state.DesiredContainer;
import org.opdbus.config.state.StateLoader;
import org.opdbus.events.ContainerId;
import org.opdbus.events.ContainerId.Kind;
import org.opdbus.events.LinkName;
import org.opdbus.verticles.plan.Intent;
import org.opdbus.verticles.plan.Intent.Inside;
import org.opdbus.verticles.plan.MeshIntent;

/** What is wanted of workloads with and without an entry. */
class StatePolicyTest {
    private static final ContainerId WEB = Kind.DOCKER.id("web");

    private static StatePolicy policy(NetworkType type, String docker) throws Exception {
        return new StatePolicy(
                new EnrollmentConfig(true, type, "vmbr7", List.of(), OnDrift.REPAIR),
                NamingConfig.defaults(),
                entries(docker),
                true);
    }

    private static List<DesiredContainer> entries(String docker) throws Exception {
        return StateLoader.parse(
                        Path.of("-"), "{\"version\":1,\"plugins\":{\"docker\":{\"containers\":[" + docker + "]}}}")
                .containers();
    }

    @Test
    void an_entry_of_an_engine_decides_about_all_of_the_link() throws Exception {
        StatePolicy policy = policy(
                NetworkType.BRIDGE,
                "{\"name\":\"web\",\"veth\":\"shop\",\"ifname\":\"net0\",\"mtu\":1400,\"properties\":{\"vlan\":20,"
                        + "\"ipv4\":\"10.0.0.9/24\",\"gateway\":\"10.0.0.1\"}}");
        Intent intent = policy.intentFor(WEB);
        assertThat(intent.enroll()).isTrue();
        assertThat(intent.explicit()).isTrue();
        assertThat(intent.bridge()).isEqualTo("vmbr7");
        assertThat(intent.firstLink()).contains(new LinkName("shop"));
        assertThat(intent.vlan()).contains(20);
        assertThat(intent.address().orElseThrow().cidr()).isEqualTo("10.0.0.9/24");
        assertThat(intent.address().orElseThrow().gateway().orElseThrow().getHostAddress())
                .isEqualTo("10.0.0.1");
        assertThat(intent.inside()).isEqualTo(new Inside(Optional.of(new LinkName("net0")), Optional.of(1400)));
        assertThat(policy.attachments()).extracting(DesiredContainer::id).containsExactly(WEB);
    }

    @Test
    void only_containers_of_LXC_are_enrolled_without_an_entry() throws Exception {
        StatePolicy policy = policy(NetworkType.NETMAKER, "{\"name\":\"web\"}");
        assertThat(policy.intentFor(new ContainerId("100")).enroll()).isTrue();
        assertThat(policy.meshFor(new ContainerId("100"))).isPresent();
        for (ContainerId other : List.of(Kind.DOCKER.id("db"), Kind.PODMAN.id("web"), Kind.VM.id("web"))) {
            assertThat(policy.intentFor(other)).isEqualTo(Intent.leaveAlone());
            assertThat(policy.meshFor(other)).isEmpty();
        }
        assertThat(policy.meshFor(WEB)).isEmpty();
    }

    @Test
    void a_container_of_an_engine_is_to_be_in_a_mesh_only_if_its_entry_says_so() throws Exception {
        StatePolicy policy = policy(
                NetworkType.BRIDGE,
                "{\"name\":\"web\",\"properties\":{\"network_type\":\"netmaker\",\"netmaker_token_env\":\"T\"}}");
        assertThat(policy.meshFor(WEB)).contains(new MeshIntent(Optional.of("T")));
    }

    @Test
    void what_an_entry_no_longer_says_is_taken_back_and_a_forgotten_one_is_left_alone() throws Exception {
        StatePolicy policy = policy(NetworkType.BRIDGE, "");
        DesiredContainer before = entries("{\"name\":\"web\",\"properties\":{\"vlan\":20,\"ipv4\":\"10.0.0.9/24\"}}")
                .get(0);
        policy.want(entries("{\"name\":\"web\"}").get(0), Optional.of(before));
        assertThat(policy.intentFor(WEB).takenBack().vlan()).isTrue();
        assertThat(policy.intentFor(WEB).takenBack().address()).isPresent();
        policy.forget(WEB);
        assertThat(policy.intentFor(WEB)).isEqualTo(Intent.leaveAlone());
        assertThat(policy.attachments()).isEmpty();
    }
}
