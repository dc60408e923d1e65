// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
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
import org.opdbus.verticles.enroll.netmaker.MeshState.Step;
import org.opdbus.verticles.enroll.netmaker.MeshStatus.Phase;
import org.opdbus.verticles.enroll.netmaker.MeshObservation.DeletedOnServer;
import org.opdbus.verticles.enroll.netmaker.MeshObservation.Health;
import org.opdbus.verticles.enroll.netmaker.MeshObservation.InMesh;
import org.opdbus.verticles.enroll.netmaker.MeshObservation.NotYet;
import org.opdbus.verticles.enroll.netmaker.MeshObservation.Refused;
import org.opdbus.verticles.enroll.netmaker.MeshObservation.Registered;
import org.opdbus.verticles.enroll.netmaker.MeshObservation.Waiting;
import org.opdbus.verticles.enroll.netmaker.guest.MeshNode;

class MeshStateTest {
    private static final ContainerId ID = new ContainerId("100");
    private static final MeshNode NODE = new MeshNode("prod", "n1", "100.64.0.5/16");
    private static final Waiting WAITING = new Waiting("nm", "the server has given it no node", "", "see the server");

    @Test
    void what_is_usual_for_a_moment_is_told_only_if_it_lasts_and_once() {
        NotYet seen = new NotYet("it has no default route", "", true);
        Step first = after(MeshState.fresh(0), seen, 1);
        Step second = after(first.next(), seen, 2);
        Step third = after(second.next(), seen, 3);

        assertThat(first.facts()).isEmpty();
        assertThat(second.facts()).containsExactly(new MeshDelayed(ID, 0, seen.why()));
        assertThat(third.facts()).isEmpty();
        assertThat(third.next().counts().looks()).isEqualTo(3);
        assertThat(third.againMs()).isGreaterThan(first.againMs());
    }

    @Test
    void who_asks_is_told_at_once_what_time_cannot_help() {
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
        Step doubted = after(joined, in(Health.DOUBTED), 2);
        assertThat(doubted.facts()).containsExactly(new MeshDegraded(ID, "why"));
        assertThat(after(doubted.next(), in(Health.HEALTHY), 3).facts()).containsExactly(new MeshRecovered(ID));
    }

    @Test
    void a_refusal_is_told_once() {
        Refused seen = new Refused(Refusal.MESH_REFUSED, "no", "a key");
        Step first = after(MeshState.fresh(0), seen, 1);

        assertThat(first.facts())
                .containsExactly(new EnrollmentRefused(ID, Optional.empty(), Refusal.MESH_REFUSED, "no", "a key"));
        assertThat(after(first.next(), seen, 2).facts()).isEmpty();
    }

    @Test
    void a_registration_that_leads_to_nothing_is_told_when_its_time_is_over() {
        Step registered = after(MeshState.fresh(0), new Registered("nm"), 1);
        Step waiting = after(registered.next(), WAITING, 2);
        long late = 2 + MeshLab.QUICK.confirm().toMillis();
        Step over = after(waiting.next(), WAITING, late);

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

        Step degraded = after(joined, in(Health.SILENT), 2);
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
        Step refusedAgain =
                after(state, new Refused(Refusal.MESH_REFUSED, "used up", "a key", Optional.empty(), true), 5);

        Step registered = after(refusedAgain.next(), new Registered("nm"), 6);

        assertThat(registered.facts()).containsExactly(new MeshRegistered(ID, "nm", 3));
    }

    @Test
    void a_node_that_its_server_has_no_more_is_lost_once_and_asked_for_again_soon() {
        MeshState joined = after(MeshState.fresh(0), in(Health.HEALTHY), 1).next();
        DeletedOnServer gone = new DeletedOnServer("nm", "its node in prod was deleted on its server");

        Step first = after(joined, gone, 2);

        assertThat(first.facts()).containsExactly(new MeshLost(ID, gone.why()));
        assertThat(first.next().phase()).isEqualTo(Phase.LOST);
        assertThat(first.next().counts().denials()).isEqualTo(1);
        assertThat(first.againMs()).isEqualTo(MeshLab.QUICK.retryFirst().toMillis());
        assertThat(after(first.next(), gone, 3).facts()).isEmpty();
        Step registered = after(first.next(), new Registered("nm"), 4);
        assertThat(registered.facts()).containsExactly(new MeshRegistered(ID, "nm", 1));
        assertThat(registered.next().counts().rejoins()).isEqualTo(1);
        assertThat(registered.next().counts().denials()).isZero();
        assertThat(after(registered.next(), in(Health.HEALTHY), 5).facts()).hasOnlyElementsOfType(MeshJoined.class);
    }

    @Test
    void what_only_the_user_can_mend_is_told_before_the_time_is_over() {
        MeshState begun = after(MeshState.fresh(0), new Registered("nm"), 1).next();
        Waiting dead = new Waiting("nm", "netclient's daemon does not run in it", "start it", "start it");

        Step told = after(begun, dead, 2);

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

        Step lost = after(joined, in(Health.WITHOUT_INTERFACE), 2);
        assertThat(lost.facts()).containsExactly(new MeshLost(ID, "why"));
        assertThat(after(lost.next(), in(Health.WITHOUT_INTERFACE), 3).facts()).isEmpty();
        Step gone = after(joined, new NotYet("no server", "", false), 2);
        assertThat(gone.facts())
                .containsExactly(new MeshLost(ID, "its node is gone"), new MeshDelayed(ID, 0, "no server"));
    }

    private static InMesh in(Health health) {
        return new InMesh("nm", "h1", "netmaker", List.of(NODE), health, health == Health.HEALTHY ? "" : "why", "");
    }

    private static Step after(MeshState state, MeshObservation seen, long nowMs) {
        return state.after(ID, seen, nowMs, MeshLab.QUICK, 0.5);
    }
}
