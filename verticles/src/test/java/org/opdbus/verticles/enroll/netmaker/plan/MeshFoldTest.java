// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.opdbus.events.ContainerId;
import org.opdbus.events.EnrollmentEvent.EnrollmentRefused;
import org.opdbus.events.MeshEvent.MeshDegraded;
import org.opdbus.events.MeshEvent.MeshDelayed;
import org.opdbus.events.MeshEvent.MeshJoined;
import org.opdbus.events.MeshEvent.MeshLost;
import org.opdbus.events.MeshEvent.MeshRecovered;
import org.opdbus.events.MeshEvent.MeshRegistered;
import org.opdbus.events.Refusal;
import org.opdbus.verticles.enroll.netmaker.guest.GuestNetclient;
import org.opdbus.verticles.enroll.netmaker.guest.MeshNode;
import org.opdbus.verticles.enroll.netmaker.plan.MeshObservation.AwaitingNode;
import org.opdbus.verticles.enroll.netmaker.plan.MeshObservation.DeletedOnServer;
import org.opdbus.verticles.enroll.netmaker.plan.MeshObservation.Health;
import org.opdbus.verticles.enroll.netmaker.plan.MeshObservation.InMesh;
import org.opdbus.verticles.enroll.netmaker.plan.MeshObservation.NotYet;
import org.opdbus.verticles.enroll.netmaker.plan.MeshObservation.Refused;
import org.opdbus.verticles.enroll.netmaker.plan.MeshObservation.Registered;
import org.opdbus.verticles.enroll.netmaker.plan.MeshStatus.Phase;
import org.opdbus.verticles.enroll.netmaker.token.EnrollmentToken;
import org.opdbus.verticles.enroll.netmaker.token.NetmakerException;

class MeshFoldTest {
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
    private static final MeshNode NODE = new MeshNode("prod", "n1", "100.64.0.5/16");
    private static final AwaitingNode WAITING =
            new AwaitingNode("nm", "the server has given it no node", "", "see the server");

    @Test
    void a_short_lived_condition_is_reported_once_and_only_if_it_lasts() {
        NotYet seen = new NotYet("it has no default route", "", true);
        MeshTransition first = after(MeshState.fresh(0), seen, 1);
        MeshTransition second = after(first.next(), seen, 2);
        MeshTransition third = after(second.next(), seen, 3);

        assertThat(first.facts()).isEmpty();
        assertThat(second.facts()).containsExactly(new MeshDelayed(ID, 0, seen.why()));
        assertThat(third.facts()).isEmpty();
        assertThat(third.next().counts().checks()).isEqualTo(3);
        assertThat(third.againMs()).isGreaterThan(first.againMs());
    }

    @Test
    void a_caller_learns_permanent_problems_at_once() {
        NotYet missing = new NotYet("netclient is not in the container", "install it", false);
        assertThat(after(MeshState.fresh(0), missing, 1).next().remedy()).isEqualTo("install it");
        NotYet fleeting = new NotYet("it has no default route", "", true);
        assertThat(after(after(MeshState.fresh(0), missing, 1).next(), fleeting, 2)
                        .next()
                        .remedy())
                .isEmpty();
    }

    @Test
    void a_node_that_its_server_complains_of_is_degraded_at_once() {
        MeshState joined = after(MeshState.fresh(0), in(Health.HEALTHY), 1).next();
        MeshTransition doubted = after(joined, in(Health.DOUBTED), 2);
        assertThat(doubted.facts()).containsExactly(new MeshDegraded(ID, "why"));
        assertThat(after(doubted.next(), in(Health.HEALTHY), 3).facts()).containsExactly(new MeshRecovered(ID));
    }

    @Test
    void a_refusal_is_published_once() {
        Refused seen = new Refused(Refusal.MESH_REFUSED, "no", "a key");
        MeshTransition first = after(MeshState.fresh(0), seen, 1);

        assertThat(first.facts())
                .containsExactly(new EnrollmentRefused(ID, Optional.empty(), Refusal.MESH_REFUSED, "no", "a key"));
        assertThat(after(first.next(), seen, 2).facts()).isEmpty();
    }

    @Test
    void a_refused_token_is_not_forgotten_while_the_container_cannot_be_checked() throws NetmakerException {
        EnrollmentToken token = token("first-key-of-the-container");
        Refused refused = new Refused(Refusal.MESH_REFUSED, "the key was deleted", "a key", Optional.of(token), true);
        NotYet unreadable = new NotYet("netclient's files cannot be read", "see that it is a folder", false);

        MeshState state = after(MeshState.fresh(0), refused, 1).next();
        state = after(after(state, unreadable, 2).next(), unreadable, 3).next();

        assertThat(MeshPlan.join(picture(token), state)).isEqualTo(new MeshAction.Report(refused.again()));
        EnrollmentToken other = token("other-key-of-the-container");
        assertThat(MeshPlan.join(picture(other), state)).isInstanceOf(MeshAction.Join.class);
        NotYet tried = new NotYet("the server cannot be reached", "", false, true);
        assertThat(MeshPlan.join(picture(token), after(state, tried, 4).next())).isInstanceOf(MeshAction.Join.class);
    }

    private static EnrollmentToken token(String value) throws NetmakerException {
        String json = "{\"server\":\"api.nm.test:443\",\"value\":\"" + value + "\"}";
        return EnrollmentToken.of("T", Base64.getEncoder().encodeToString(json.getBytes(StandardCharsets.UTF_8)));
    }

    private static MeshPicture picture(EnrollmentToken token) {
        return new MeshPicture(
                new GuestNetclient(Optional.empty(), Map.of(), List.of()),
                Optional.empty(),
                Optional.empty(),
                new MeshPicture.TokenOrigin.FromFile(token));
    }

    @Test
    void a_registration_without_result_is_reported_after_its_time() {
        MeshTransition registered = after(MeshState.fresh(0), new Registered("nm"), 1);
        MeshTransition waiting = after(registered.next(), WAITING, 2);
        long late = 2 + TIMES.confirm().toMillis();
        MeshTransition over = after(waiting.next(), WAITING, late);

        assertThat(waiting.next().phase()).isEqualTo(Phase.CONFIRMING);
        assertThat(waiting.facts()).isEmpty();
        assertThat(over.next().phase()).isEqualTo(Phase.UNCONFIRMED);
        assertThat(over.facts()).hasSize(1).hasOnlyElementsOfType(EnrollmentRefused.class);
        assertThat(after(over.next(), WAITING, late + 1).facts()).isEmpty();
        assertThat(after(over.next(), in(Health.HEALTHY), late + 2).facts()).hasOnlyElementsOfType(MeshJoined.class);
    }

    @Test
    void a_node_with_silent_peers_is_degraded_until_one_answers() {
        MeshState joined = after(MeshState.fresh(0), in(Health.HEALTHY), 1).next();

        MeshTransition degraded = after(joined, in(Health.SILENT), 2);
        assertThat(degraded.facts()).containsExactly(new MeshDegraded(ID, "why"));
        assertThat(after(degraded.next(), in(Health.SILENT), 3).facts()).isEmpty();
        assertThat(after(degraded.next(), in(Health.HEALTHY), 4).facts()).containsExactly(new MeshRecovered(ID));
    }

    @Test
    void an_attempt_is_a_run_of_netclient_and_nothing_else() {
        MeshState state = MeshState.fresh(0);
        state = after(state, new NotYet("it has no default route", "", true), 1).next();
        state = after(state, new NotYet("it has no default route", "", true), 2).next();
        state = after(state, new Refused(Refusal.MESH_REFUSED, "deleted", "a key", Optional.empty(), true), 3)
                .next();
        state = after(state, new Refused(Refusal.MESH_REFUSED, "deleted", "a key"), 4)
                .next();
        MeshTransition refusedAgain =
                after(state, new Refused(Refusal.MESH_REFUSED, "used up", "a key", Optional.empty(), true), 5);

        MeshTransition registered = after(refusedAgain.next(), new Registered("nm"), 6);

        assertThat(registered.facts()).containsExactly(new MeshRegistered(ID, "nm", 3));
    }

    @Test
    void a_node_that_its_server_has_no_more_is_lost_once_and_asked_for_again_soon() {
        MeshState joined = after(MeshState.fresh(0), in(Health.HEALTHY), 1).next();
        DeletedOnServer gone = new DeletedOnServer("nm", "its node in prod was deleted on its server");

        MeshTransition first = after(joined, gone, 2);

        assertThat(first.facts()).containsExactly(new MeshLost(ID, gone.why()));
        assertThat(first.next().phase()).isEqualTo(Phase.LOST);
        assertThat(first.next().counts().denials()).isEqualTo(1);
        assertThat(first.againMs()).isEqualTo(TIMES.retryFirst().toMillis());
        assertThat(after(first.next(), gone, 3).facts()).isEmpty();
        MeshTransition registered = after(first.next(), new Registered("nm"), 4);
        assertThat(registered.facts()).containsExactly(new MeshRegistered(ID, "nm", 1));
        assertThat(registered.next().counts().rejoins()).isEqualTo(1);
        assertThat(registered.next().counts().denials()).isZero();
        assertThat(after(registered.next(), in(Health.HEALTHY), 5).facts()).hasOnlyElementsOfType(MeshJoined.class);
    }

    @Test
    void problems_that_only_the_user_can_repair_are_reported_early() {
        MeshState begun = after(MeshState.fresh(0), new Registered("nm"), 1).next();
        AwaitingNode dead = new AwaitingNode("nm", "netclient's daemon does not run in it", "start it", "start it");

        MeshTransition told = after(begun, dead, 2);

        assertThat(told.next().phase()).isEqualTo(Phase.UNCONFIRMED);
        assertThat(told.next().remedy()).isEqualTo("start it");
        assertThat(told.facts())
                .containsExactly(new EnrollmentRefused(
                        ID,
                        Optional.empty(),
                        Refusal.MESH_UNCONFIRMED,
                        "nm registered it, and netclient's daemon does not run in it",
                        "start it"));
        assertThat(after(told.next(), dead, 3).facts()).isEmpty();
    }

    @Test
    void a_node_whose_interface_or_record_is_gone_is_lost() {
        MeshState joined = after(MeshState.fresh(0), in(Health.HEALTHY), 1).next();

        MeshTransition lost = after(joined, in(Health.WITHOUT_INTERFACE), 2);
        assertThat(lost.facts()).containsExactly(new MeshLost(ID, "why"));
        assertThat(after(lost.next(), in(Health.WITHOUT_INTERFACE), 3).facts()).isEmpty();
        MeshTransition gone = after(joined, new NotYet("no server", "", false), 2);
        assertThat(gone.facts())
                .containsExactly(new MeshLost(ID, "its node is gone"), new MeshDelayed(ID, 0, "no server"));
    }

    private static InMesh in(Health health) {
        return new InMesh("nm", "h1", "netmaker", List.of(NODE), health, health == Health.HEALTHY ? "" : "why", "");
    }

    private static MeshTransition after(MeshState state, MeshObservation seen, long nowMs) {
        return new MeshFold(TIMES).apply(ID, state, seen, nowMs);
    }
}
