// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.config.ListenAddress;
import org.opdbus.verticles.membership.tls.PendingHandshakes;
import org.opdbus.verticles.membership.trust.Authority;
import org.opdbus.verticles.membership.trust.KnownMember;
import org.opdbus.verticles.membership.trust.MembershipException;
import org.opdbus.verticles.membership.trust.Pem;
import org.opdbus.verticles.membership.trust.RenewalLimits;
import org.opdbus.verticles.membership.trust.Token;
import org.opdbus.verticles.membership.trust.TrustBundle;
import org.opdbus.verticles.testing.SilentConnections;

/** What a hostile member, or a stranger on the network, can use up: the trust bundle and the ports of the cluster. */
final class MembershipLimitsIT {
    private static final int FLOOD = 300;
    private static final Duration LIFE = Duration.ofMinutes(15);
    /** Shorter than any time limit, so that only a number limit can have closed a connection. */
    private static final Duration SOON = Duration.ofSeconds(4);

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
    void a_member_that_renews_over_and_over_is_refused_and_the_trust_bundle_stays_small() {
        cluster.letIn(2, cluster.authority(1));
        Membership first = cluster.open(1);
        eventually(() -> assertThat(ClusterFixture.hosts(first)).containsExactly("h1"));

        List<String> refusals = new ArrayList<>();
        for (int count = 0; count < 10; count++) {
            try {
                Renewal.renew(cluster.options(2), cluster.libraries());
            } catch (MembershipException e) {
                refusals.add(String.valueOf(e.getMessage()));
            }
        }
        assertThat(refusals).hasSize(7).allMatch(text -> text.contains("h2 got 4 certificates in a day"));
        assertThat(certificates("h2")).hasSize(RenewalLimits.A_DAY_MAX);
    }

    @Test
    void a_member_that_renews_for_a_year_has_four_certificates_that_hold_and_a_bounded_share_of_the_trust_bundle() {
        cluster.letIn(2, cluster.authority(1));
        Instant begun = Instant.now();
        int given = 0;
        String refused = "";
        for (int day = 2; day < 120; day++) {
            try {
                given += renewAt(begun.plus(Duration.ofDays(day)));
            } catch (MembershipException e) {
                refused = String.valueOf(e.getMessage());
            }
        }
        assertThat(given).isEqualTo(RenewalLimits.IN_DATE_MAX - 1);
        assertThat(refused).contains("op-dbus cluster remove h2").contains("--replace");
        assertThat(certificates("h2")).hasSize(RenewalLimits.IN_DATE_MAX);
        assertThat(certificates("h2").stream().filter(each -> !each.isRemoved()))
                .as("those that hold")
                .hasSize(RenewalLimits.HOLDING_MAX);
        assertThat(cluster.files(1).requireTrustBundle().text().length())
                .as("characters of the trust bundle")
                .isLessThan(20_000);
        // Expired certificates are dropped, which makes room.
        assertThat(renewAt(begun.plus(Duration.ofDays(369)))).isEqualTo(1);
        assertThat(certificates("h2").size()).isLessThan(RenewalLimits.IN_DATE_MAX);
    }

    @Test
    void a_name_that_differs_from_a_members_by_case_only_is_refused() {
        cluster.letIn(2, cluster.authority(1));
        Authority authority = cluster.authority(1);
        for (String name : List.of("H2", "h2", "H1")) {
            Token token = authority.token(LIFE, cluster.options(1).door());
            assertThatThrownBy(() -> authority.admit(
                            token.secret(),
                            name,
                            "127.0.0.3:7800",
                            cluster.libraries().certificates().request(Pem.newKeys())))
                    .as(name)
                    .hasMessageContaining("there is a member called " + name.toLowerCase(java.util.Locale.ROOT));
        }
        authority.remove("H2");
        assertThat(KnownMember.in(cluster.options(1).dir()).stream()
                        .filter(known -> known.removed().isPresent()))
                .extracting(KnownMember::host)
                .containsExactly("h2");
    }

    @Test
    void silent_connections_are_limited_at_every_port_and_a_host_joins_meanwhile() throws Exception {
        cluster.letIn(2, cluster.authority(1));
        Membership first = cluster.open(1);
        Membership second = cluster.open(2);
        eventually(() -> assertThat(ClusterFixture.hosts(first)).containsExactlyInAnyOrder("h1", "h2"));
        eventually(() -> assertThat(ClusterFixture.hosts(second)).containsExactlyInAnyOrder("h1", "h2"));

        MembershipOptions options = cluster.options(1);
        try (SilentConnections door = flood(options.door());
                SilentConnections bus = flood(options.bus());
                SilentConnections group = flood(options.listen())) {
            assertHeldSoon(door, options.door());
            assertHeldSoon(bus, options.bus());
            assertHeldSoon(group, options.listen());

            Token token = cluster.authority(1).token(LIFE, options.door());
            Joining.join(cluster.options(3), cluster.libraries(), token, Optional.empty(), false);
            Membership third = cluster.open(3);
            door.open(FLOOD);
            bus.open(FLOOD);
            group.open(FLOOD);
            eventually(() -> assertThat(ClusterFixture.hosts(third)).containsExactlyInAnyOrder("h1", "h2", "h3"));
            eventually(() -> assertThat(ClusterFixture.hosts(first)).containsExactlyInAnyOrder("h1", "h2", "h3"));
        }
    }

    private static SilentConnections flood(ListenAddress address) throws Exception {
        SilentConnections silent = new SilentConnections(new InetSocketAddress(address.host(), address.port()));
        silent.open(FLOOD);
        return silent;
    }

    private static void assertHeldSoon(SilentConnections silent, ListenAddress address) throws Exception {
        long deadline = System.nanoTime() + SOON.toNanos();
        while (silent.held() > PendingHandshakes.PENDING_MAX && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        assertThat(silent.held())
                .as("silent connections at %s", address)
                .isLessThanOrEqualTo(PendingHandshakes.PENDING_MAX);
    }

    private int renewAt(Instant time) {
        Authority.Admission unused = cluster.authority(1, Clock.fixed(time, ZoneOffset.UTC))
                .renew(
                        "h2",
                        "127.0.0.2:7800",
                        cluster.libraries().certificates().request(Pem.newKeys()));
        return 1;
    }

    private List<TrustBundle.Issued> certificates(String host) {
        return cluster.files(1).requireTrustBundle().content().issued().stream()
                .filter(each -> each.host().equals(host))
                .toList();
    }
}
