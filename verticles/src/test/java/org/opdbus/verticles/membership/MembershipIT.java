// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.config.ListenAddress;
import org.opdbus.verticles.membership.trust.Identity;
import org.opdbus.verticles.membership.trust.KnownMember;

/** Members in one process, at addresses of their own: which are admitted, and which are not. */
final class MembershipIT {
    @TempDir
    Path folder;

    private ClusterFixture cluster;

    @BeforeEach
    void found() {
        cluster = new ClusterFixture(folder);
        cluster.found(1);
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    @Test
    void members_hear_each_other_and_a_removed_one_is_cut_off_while_the_others_go_on() {
        cluster.letIn(2, cluster.authority(1));
        cluster.letIn(3, cluster.authority(1));
        Membership first = cluster.open(1);
        Membership second = cluster.open(2);
        Membership third = cluster.open(3);
        for (Membership each : List.of(first, second, third)) {
            eventually(() -> assertThat(ClusterFixture.hosts(each)).containsExactlyInAnyOrder("h1", "h2", "h3"));
        }
        assertHeard(1, List.of(2, 3));

        cluster.authority(1).remove("h3");
        for (Membership each : List.of(first, second)) {
            eventually(() -> {
                assertThat(each.known().stream().filter(known -> known.removed().isPresent()))
                        .extracting(KnownMember::host)
                        .containsExactly("h3");
                assertThat(ClusterFixture.hosts(each)).containsExactlyInAnyOrder("h1", "h2");
            });
        }
        assertHeard(2, List.of(1));
        eventually(() -> assertThat(ClusterFixture.hosts(third)).isEmpty());
        assertThat(cluster.files(2).requireTrustBundle().content().version())
                .isEqualTo(cluster.files(1).requireTrustBundle().content().version());
        assertRefusedAtEveryPort(2, "removed", cluster.files(3).identity());
    }

    @Test
    void strangers_expired_ones_and_clear_text_are_refused_at_every_port_of_a_member() {
        cluster.letIn(2, cluster.authority(1));
        Clock longAgo = Clock.fixed(Clock.systemUTC().instant().minus(Duration.ofDays(366)), ZoneOffset.UTC);
        cluster.letIn(3, cluster.authority(1, longAgo));
        cluster.found(9);
        Membership first = cluster.open(1);
        Membership second = cluster.open(2);
        eventually(() -> assertThat(ClusterFixture.hosts(first)).containsExactlyInAnyOrder("h1", "h2"));
        eventually(() -> assertThat(ClusterFixture.hosts(second)).containsExactlyInAnyOrder("h1", "h2"));

        Map<String, Optional<Identity>> intruders = new LinkedHashMap<>();
        intruders.put("of another cluster", cluster.files(9).identity());
        intruders.put("expired", cluster.files(3).identity());
        intruders.put("nobody", Optional.empty());
        intruders.forEach((name, identity) -> assertRefusedAtEveryPort(2, name, identity));
        for (ListenAddress address :
                List.of(cluster.options(2).listen(), cluster.options(2).bus())) {
            assertThat(Intruder.plainAt(address))
                    .as("clear text at %s", address)
                    .isNotEmpty();
            assertThat(new Intruder(cluster.files(1).identity()).refusedAt(address))
                    .as("a member at %s", address)
                    .isEmpty();
        }
        // Neither of them joins an existing member; each is alone, which is reported at once.
        Membership stranger = cluster.open(9);
        eventually(() -> assertThat(ClusterFixture.hosts(stranger)).containsExactly("h9"));
        assertHeard(1, List.of(2));
        assertThat(ClusterFixture.hosts(first)).containsExactlyInAnyOrder("h1", "h2");
    }

    @Test
    void certificates_and_the_ca_are_replaced_while_members_go_on() {
        cluster.letIn(2, cluster.authority(1));
        Membership first = cluster.open(1);
        Membership second = cluster.open(2);
        eventually(() -> assertThat(ClusterFixture.hosts(second)).containsExactlyInAnyOrder("h1", "h2"));
        String before = cluster.files(2).requireIdentity().issuer().toString();

        String unused =
                cluster.authority(1).rotateAuthority("h1", cluster.options(1).listen());
        // The other host learns of it on the bus, and fetches a certificate of the new CA from the
        // join server.
        eventually(() -> {
            assertThat(cluster.files(2).requireIdentity().issuer()).doesNotHaveToString(before);
            assertThat(first.known()).allMatch(KnownMember::hasNewestAuthority);
        });
        cluster.authority(1).finishAuthority(false);
        eventually(() -> {
            assertThat(cluster.files(2).requireTrustBundle().content().authorities())
                    .hasSize(1);
            assertThat(ClusterFixture.hosts(first)).containsExactlyInAnyOrder("h1", "h2");
            assertThat(ClusterFixture.hosts(second)).containsExactlyInAnyOrder("h1", "h2");
        });
        assertHeard(1, List.of(2));
        assertHeard(2, List.of(1));
    }

    private void assertRefusedAtEveryPort(int member, String name, Optional<Identity> identity) {
        for (ListenAddress address : List.of(
                cluster.options(member).listen(), cluster.options(member).bus())) {
            eventually(() -> assertThat(new Intruder(identity).refusedAt(address))
                    .as("%s at %s", name, address)
                    .isNotEmpty());
        }
    }

    /**
     * A member that opens another session meanwhile, as it does soon after a change of trust, is subscribed to again
     * there.
     */
    private void assertHeard(int from, List<Integer> by) {
        Set<String> heard = ConcurrentHashMap.newKeySet();
        Set<Vertx> listened = new HashSet<>();
        eventually(() -> {
            for (int number : by) {
                Vertx bus = cluster.bus(number);
                if (listened.add(bus)) {
                    bus.eventBus().<String>consumer("test" + from, message -> heard.add("h" + number));
                }
            }
            cluster.bus(from).eventBus().publish("test" + from, "hello");
            assertThat(heard).hasSameSizeAs(by);
        });
    }
}
