// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.netmaker;

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
import org.opdbus.events.Refusal;
import org.opdbus.verticles.netmaker.MeshState.Step;
import org.opdbus.verticles.netmaker.MeshStatus.Phase;
import org.opdbus.verticles.netmaker.Seen.Health;
import org.opdbus.verticles.netmaker.Seen.InMesh;
import org.opdbus.verticles.netmaker.Seen.NotYet;
import org.opdbus.verticles.netmaker.Seen.Refused;
import org.opdbus.verticles.netmaker.Seen.Registered;

class MeshStateTest {
    private static final ContainerId ID = new ContainerId("100");
    private static final MeshNode NODE = new MeshNode("prod", "n1", "100.64.0.5/16");
    private static final long SILENT_MS = MeshLab.QUICK.silence().toMillis() + 1;

    @Test
    void what_is_usual_for_a_moment_is_told_only_if_it_lasts_and_once() {
        NotYet seen = new NotYet("it has no default route", "", true);
        Step first = after(MeshState.fresh(0), seen, 1);
        Step second = after(first.next(), seen, 2);
        Step third = after(second.next(), seen, 3);

        assertThat(first.facts()).isEmpty();
        assertThat(second.facts()).containsExactly(new MeshDelayed(ID, 2, seen.why()));
        assertThat(third.facts()).isEmpty();
        assertThat(third.next().attempts()).isEqualTo(3);
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
        Refused seen = new Refused(Refusal.MESH_REFUSED, "no", "a key", Optional.empty());
        Step first = after(MeshState.fresh(0), seen, 1);

        assertThat(first.facts())
                .containsExactly(new EnrollmentRefused(ID, Optional.empty(), Refusal.MESH_REFUSED, "no", "a key"));
        assertThat(after(first.next(), seen, 2).facts()).isEmpty();
    }

    @Test
    void a_registration_that_leads_to_nothing_is_told_when_its_time_is_over() {
        Step registered = after(MeshState.fresh(0), new Registered("nm", true), 1);
        Step waiting = after(registered.next(), new Registered("nm", false), 2);
        long late = 2 + MeshLab.QUICK.confirm().toMillis();
        Step over = after(waiting.next(), new Registered("nm", false), late);

        assertThat(waiting.next().phase()).isEqualTo(Phase.CONFIRMING);
        assertThat(waiting.facts()).isEmpty();
        assertThat(over.next().phase()).isEqualTo(Phase.UNCONFIRMED);
        assertThat(over.facts()).hasSize(1).hasOnlyElementsOfType(EnrollmentRefused.class);
        assertThat(after(over.next(), new Registered("nm", false), late + 1).facts())
                .isEmpty();
        assertThat(after(over.next(), in(Health.HEALTHY), late + 2).facts()).hasOnlyElementsOfType(MeshJoined.class);
    }

    @Test
    void a_new_node_is_given_time_to_be_heard_and_a_silent_one_is_degraded() {
        MeshState joined = after(MeshState.fresh(0), in(Health.SILENT), 1).next();
        assertThat(joined.phase()).isEqualTo(Phase.JOINED);

        Step degraded = after(joined, in(Health.SILENT), 2 + SILENT_MS);
        assertThat(degraded.facts()).containsExactly(new MeshDegraded(ID, "why"));
        assertThat(after(degraded.next(), in(Health.HEALTHY), 3 + SILENT_MS).facts())
                .containsExactly(new MeshRecovered(ID));
    }

    @Test
    void a_node_whose_interface_or_record_is_gone_is_lost() {
        MeshState joined = after(MeshState.fresh(0), in(Health.HEALTHY), 1).next();

        Step lost = after(joined, in(Health.WITHOUT_INTERFACE), 2);
        assertThat(lost.facts()).containsExactly(new MeshLost(ID, "why"));
        assertThat(after(lost.next(), in(Health.WITHOUT_INTERFACE), 3).facts()).isEmpty();
        Step gone = after(joined, new NotYet("no server", "", false), 2);
        assertThat(gone.facts())
                .containsExactly(new MeshLost(ID, "its node is gone"), new MeshDelayed(ID, 1, "no server"));
    }

    private static InMesh in(Health health) {
        return new InMesh("nm", "h1", "netmaker", List.of(NODE), health, health == Health.HEALTHY ? "" : "why");
    }

    private static Step after(MeshState state, Seen seen, long nowMs) {
        return state.after(ID, seen, nowMs, MeshLab.QUICK, 0.5);
    }
}
