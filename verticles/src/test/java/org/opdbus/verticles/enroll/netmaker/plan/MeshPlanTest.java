// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.enroll.netmaker.guest.GuestDaemon;
import org.opdbus.verticles.enroll.netmaker.guest.GuestNetclient;
import org.opdbus.verticles.enroll.netmaker.guest.GuestNetclient.Identity;
import org.opdbus.verticles.enroll.netmaker.guest.MeshNode;
import org.opdbus.verticles.enroll.netmaker.hosts.MeshHost;
import org.opdbus.verticles.enroll.netmaker.plan.MeshAction.CheckDeletion;
import org.opdbus.verticles.enroll.netmaker.plan.MeshAction.CheckHealth;
import org.opdbus.verticles.enroll.netmaker.plan.MeshAction.Confirm;
import org.opdbus.verticles.enroll.netmaker.plan.MeshAction.Fail;
import org.opdbus.verticles.enroll.netmaker.plan.MeshAction.Join;
import org.opdbus.verticles.enroll.netmaker.plan.MeshAction.Report;
import org.opdbus.verticles.enroll.netmaker.plan.MeshObservation.AwaitingNode;
import org.opdbus.verticles.enroll.netmaker.plan.MeshObservation.Refused;
import org.opdbus.verticles.enroll.netmaker.plan.MeshPicture.TokenOrigin;
import org.opdbus.verticles.enroll.netmaker.plan.MeshPlan.Rejoining;
import org.opdbus.verticles.enroll.netmaker.plan.MeshStatus.Phase;
import org.opdbus.verticles.enroll.netmaker.server.HostStatus;
import org.opdbus.verticles.enroll.netmaker.server.HostStatus.Deleted;
import org.opdbus.verticles.enroll.netmaker.server.HostStatus.Healthy;
import org.opdbus.verticles.enroll.netmaker.server.HostStatus.NoAnswer;
import org.opdbus.verticles.enroll.netmaker.server.HostStatus.Unhealthy;
import org.opdbus.verticles.enroll.netmaker.server.HostStatus.WithoutNode;
import org.opdbus.verticles.enroll.netmaker.token.NetmakerException;
import org.opdbus.verticles.enroll.netmaker.token.NetmakerException.Reason;

class MeshPlanTest {
    private static final ContainerId ID = new ContainerId("100");
    private static final MeshTimes TIMES = new MeshTimes(
            Duration.ofSeconds(20),
            Duration.ofMinutes(1),
            Duration.ofSeconds(10),
            Duration.ofMillis(100),
            Duration.ofMillis(500),
            Duration.ofMillis(300),
            Duration.ofMinutes(3),
            Duration.ofMillis(300));
    private static final String API = "api.nm.test:443";
    private static final Identity IDENTITY = new Identity("h1", "02:00:00:00:00:01", "its-own", "netmaker");
    private static final MeshNode NODE = new MeshNode("prod", "n1", "100.64.0.5/16");
    private static final TokenOrigin MINTED = new TokenOrigin.NewKey(API);
    private static final GuestNetclient STRANGER = new GuestNetclient(Optional.empty(), Map.of(), List.of());
    private static final GuestNetclient REGISTERED =
            new GuestNetclient(Optional.of(IDENTITY), Map.of("api.nm.test", "nm.test"), List.of());
    private static final GuestNetclient FORGOTTEN = new GuestNetclient(Optional.of(IDENTITY), Map.of(), List.of());
    private static final GuestNetclient PLACED =
            new GuestNetclient(Optional.of(IDENTITY), Map.of("api.nm.test", "nm.test"), List.of(NODE));
    private static final MeshHost HOST =
            new MeshHost(ID, "nm.test", API, "h1", "02:00:00:00:00:01", "its-own", List.of(NODE));
    private static final GuestDaemon RUNS = new GuestDaemon(true, true, "loaded", "active");
    private static final long NOW_S = 10_000;

    @Test
    void what_is_there_already_is_used_before_anything_is_done() {
        assertThat(next(STRANGER, Optional.empty(), MINTED)).isInstanceOf(Join.class);
        assertThat(next(REGISTERED, Optional.empty(), MINTED)).isEqualTo(new Confirm("nm.test", API));
        assertThat(next(PLACED, Optional.of(HOST), MINTED)).isInstanceOf(CheckHealth.class);
        assertThat(next(FORGOTTEN, Optional.empty(), MINTED)).isInstanceOf(Join.class);
        assertThat(next(FORGOTTEN, Optional.of(HOST), MINTED)).isEqualTo(new CheckDeletion(HOST));
    }

    @Test
    void a_missing_token_keeps_a_container_from_joining_and_from_nothing_else() {
        NetmakerException why = new NetmakerException(Reason.ENV_FILE, "no file", "write it");
        TokenOrigin missing = new TokenOrigin.Missing(why);

        assertThat(next(STRANGER, Optional.empty(), missing)).isEqualTo(new Fail(why));
        assertThat(next(REGISTERED, Optional.of(HOST), missing)).isEqualTo(new Confirm("nm.test", API));
        assertThat(next(PLACED, Optional.of(HOST), missing)).isInstanceOf(CheckHealth.class);
    }

    @Test
    void the_second_container_with_one_identity_is_refused_with_the_remedy() {
        MeshPicture copy = new MeshPicture(PLACED, Optional.of(new ContainerId("99")), Optional.empty(), MINTED);

        Refused refused = (Refused) ((Report) MeshPlan.next(copy, MeshState.fresh(0))).seen();

        assertThat(refused.message()).isEqualTo("it has the identity of container 99 in its /etc/netclient");
        assertThat(refused.remedy()).contains("in the copy stop netclient, remove all of /etc/netclient");
    }

    @Test
    void a_deletion_is_believed_the_second_time_and_answered_once_and_then_ever_more_slowly() {
        Duration wait = TIMES.retryLast();

        assertThat(denied(0, 0, 0, true, 0)).isInstanceOf(Report.class);
        assertThat(denied(1, 0, 0, true, 0)).isInstanceOf(Join.class);
        assertThat(denied(1, 1, 1_000, true, 1_000 + 2 * wait.toMillis() - 1)).isInstanceOf(Report.class);
        assertThat(denied(1, 1, 1_000, true, 1_000 + 2 * wait.toMillis())).isInstanceOf(Join.class);
        assertThat(denied(1, 2, 1_000, true, 1_000 + 2 * wait.toMillis())).isInstanceOf(Report.class);
        assertThat(denied(1, 2, 1_000, true, 1_000 + 4 * wait.toMillis())).isInstanceOf(Join.class);
        assertThat(denied(1, 99, 1_000, true, 1_000 + 64 * wait.toMillis())).isInstanceOf(Join.class);
    }

    @Test
    void an_administrators_deletion_is_respected_if_the_configuration_says_so() {
        Refused refused = (Refused) ((Report) denied(1, 0, 0, false, 0)).seen();

        assertThat(refused.message())
                .isEqualTo("its node in prod was deleted on its server; netmaker.rejoin is false, so it stays out");
        assertThat(refused.remedy()).contains("set netmaker.rejoin to true");
    }

    @Test
    void a_registered_container_waits_for_what_the_evidence_says() {
        assertThat(waiting(new WithoutNode(), RUNS, true).remedy())
                .isEqualTo("approve the host on the server; it joins by itself then");
        assertThat(waiting(new WithoutNode(), RUNS, false).what()).isEqualTo("the server has given it no node");
        AwaitingNode missing =
                waiting(new Healthy(Set.of()), new GuestDaemon(false, true, "not-found", "inactive"), false);
        assertThat(missing.what()).isEqualTo("netclient's service is not installed in it");
        assertThat(missing.remedy()).isEqualTo(GuestDaemon.INSTALL_REMEDY);
        AwaitingNode dead = waiting(new NoAnswer(), new GuestDaemon(false, true, "loaded", "failed"), false);
        assertThat(dead.what()).isEqualTo("netclient's daemon does not run in it (its service is failed)");
        assertThat(dead.remedy()).contains("systemctl enable --now netclient");
        AwaitingNode busybox = waiting(new Healthy(Set.of()), new GuestDaemon(false, false, "", ""), false);
        assertThat(busybox.remedy()).contains("netclient daemon");
        AwaitingNode starting =
                waiting(new Healthy(Set.of()), new GuestDaemon(false, true, "loaded", "activating"), false);
        assertThat(starting.what()).contains("17 s");
        assertThat(starting.remedy()).isEmpty();
        assertThat(waiting(new Healthy(Set.of()), RUNS, false).what())
                .isEqualTo("the server has given it a node that netclient has not taken up");
    }

    @Test
    void a_node_counts_as_deleted_only_if_the_container_had_one() {
        assertThat(MeshPlan.deletion(new WithoutNode(), Optional.of(HOST)))
                .contains("its node in prod was deleted on its server");
        assertThat(MeshPlan.deletion(new WithoutNode(), Optional.of(HOST.with(List.of()))))
                .isEmpty();
        assertThat(MeshPlan.deletion(new Deleted("gone"), Optional.empty())).contains("gone");
        assertThat(MeshPlan.deletion(new NoAnswer(), Optional.of(HOST))).isEmpty();
    }

    @Test
    void a_peer_that_was_never_heard_or_is_gone_from_the_server_makes_no_silence() {
        HostStatus named = new Healthy(Set.of("a", "b"));

        assertThat(silent(Map.of(), named)).isFalse();
        assertThat(silent(Map.of("a", 0L), named)).isFalse();
        assertThat(silent(Map.of("a", NOW_S - 200), named)).isTrue();
        assertThat(silent(Map.of("a", NOW_S - 200, "b", NOW_S - 10), named)).isFalse();
        assertThat(silent(Map.of("gone", NOW_S - 200), named)).isFalse();
        assertThat(silent(Map.of("gone", NOW_S - 10, "a", NOW_S - 200), named)).isTrue();
        assertThat(silent(Map.of("gone", NOW_S - 200), new Unhealthy("why", Set.of())))
                .isFalse();
        assertThat(silent(Map.of("a", NOW_S - 200), new NoAnswer())).isTrue();
    }

    @Test
    void a_service_that_is_not_installed_is_named_before_a_join() {
        Set<String> found = Set.of("netclient", "tun", "dns", "systemd", "LoadState=not-found", "ActiveState=inactive");

        assertThat(MeshPlan.missing(found, true, "api"))
                .contains(new MeshObservation.NotYet(
                        "netclient is in the container, and its service is not installed",
                        GuestDaemon.INSTALL_REMEDY,
                        false));
        assertThat(MeshPlan.missing(Set.of("netclient", "tun", "dns"), false, "api"))
                .isEmpty();
        assertThat(MeshPlan.missing(
                        Set.of("netclient", "tun", "dns", "systemd", "daemon", "LoadState=not-found"), false, "api"))
                .isEmpty();
    }

    private static boolean silent(Map<String, Long> handshakes, HostStatus opinion) {
        return MeshPlan.isSilent(handshakes, opinion, Duration.ofMinutes(3), NOW_S);
    }

    private static AwaitingNode waiting(HostStatus opinion, GuestDaemon daemon, boolean pending) {
        return MeshPlan.waiting("nm.test", opinion, daemon, pending);
    }

    private static MeshAction next(GuestNetclient guest, Optional<MeshHost> recorded, TokenOrigin token) {
        return MeshPlan.next(new MeshPicture(guest, Optional.empty(), recorded, token), MeshState.fresh(0));
    }

    private static MeshAction denied(int denials, int rejoins, long rejoinedMs, boolean allowed, long nowMs) {
        MeshState state = new MeshState(
                Phase.LOST,
                0,
                new MeshCounts(0, 1, 1, denials, rejoins, rejoinedMs),
                MeshTrouble.NONE,
                List.of(),
                Optional.empty());
        MeshPicture picture = new MeshPicture(REGISTERED, Optional.empty(), Optional.of(HOST), MINTED);
        return MeshPlan.denied(
                "nm.test",
                "its node in prod was deleted on its server",
                picture,
                state,
                Rejoining.of(allowed, TIMES, nowMs));
    }
}
