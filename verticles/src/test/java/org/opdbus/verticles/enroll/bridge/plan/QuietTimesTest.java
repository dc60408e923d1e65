// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.bridge.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivex.rxjava3.schedulers.TestScheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.opdbus.events.ContainerEvent.ContainerStarted;
import org.opdbus.events.ContainerId;
import org.opdbus.events.EnrollmentEvent.ContainerLeft;
import org.opdbus.events.EnrollmentEvent.PortMaker;
import org.opdbus.events.Link;
import org.opdbus.events.LinkEvent.LinkAppeared;
import org.opdbus.events.LinkName;
import org.opdbus.events.Port;
import org.opdbus.events.PortEvent.PortAdded;
import org.opdbus.events.PortEvent.PortRemoved;
import org.opdbus.events.Workload.LxcContainer;
import org.opdbus.verticles.inventory.ContainerPhase;
import org.opdbus.verticles.plan.Intent;
import org.opdbus.verticles.plan.Intent.Naming;
import org.opdbus.verticles.plan.LinkSubject;
import org.opdbus.verticles.plan.Outcome.Rest;
import org.opdbus.verticles.view.Enrollment;
import org.opdbus.verticles.view.HostView;
import org.opdbus.verticles.view.PortOwner;

/** How long a link is left without a port that another program has removed, and who may make the port again. */
class QuietTimesTest {
    private static final ContainerId ID = new ContainerId("web");
    private static final String PORT = "viweb";
    private static final String OWNER = "here";
    private static final Link LINK =
            new Link(7, new LinkName(PORT), List.of(), "veth", Optional.empty(), 8, 3, 0, true, true);

    private final TestScheduler time = new TestScheduler();
    private final List<String> over = new ArrayList<>();
    private final QuietTimes quiet = new QuietTimes(over::add);
    private final RepairRule rule = new RepairRule(quiet);
    private final HostView view = new HostView(
            new HostView.Start(OWNER, false, 1, List.of(enrolled(false).orElseThrow())));
    private final OtherHands others = new OtherHands(view, quiet);

    @BeforeEach
    void startClock() {
        quiet.start(time);
    }

    /** The quiet time lasts exactly so long from now on. */
    private void assertHolds(long timeMs) {
        int told = over.size();
        assertThat(quiet.holds(PORT)).isTrue();
        time.advanceTimeBy(timeMs - 1, TimeUnit.MILLISECONDS);
        assertThat(quiet.holds(PORT)).as("after %s ms", timeMs - 1).isTrue();
        assertThat(over).hasSize(told);
        time.advanceTimeBy(1, TimeUnit.MILLISECONDS);
        assertThat(quiet.holds(PORT)).as("after %s ms", timeMs).isFalse();
        assertThat(over).hasSize(told + 1).containsOnly(PORT);
    }

    @Test
    void each_removal_doubles_the_quiet_time_up_to_ten_seconds() {
        assertThat(quiet.holds(PORT)).isFalse();
        for (long timeMs : new long[] {500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000}) {
            quiet.removed(PORT);
            assertHolds(timeMs);
        }
    }

    @Test
    void a_removal_within_a_quiet_time_begins_it_anew_and_longer() {
        quiet.removed(PORT);
        time.advanceTimeBy(499, TimeUnit.MILLISECONDS);
        quiet.removed(PORT);
        assertHolds(1_000);
        for (int removal = 0; removal < 1_000; removal++) {
            quiet.removed(PORT);
        }
        assertHolds(10_000);
    }

    @Test
    void what_happened_before_ten_quiet_seconds_is_forgotten() {
        quiet.removed(PORT);
        assertHolds(500);
        time.advanceTimeBy(9_999, TimeUnit.MILLISECONDS);
        quiet.removed(PORT);
        assertHolds(1_000);
        time.advanceTimeBy(10_000, TimeUnit.MILLISECONDS);
        quiet.removed(PORT);
        assertHolds(500);
    }

    @Test
    void another_link_of_that_name_begins_with_nothing_and_one_of_proxmoxs_waits_ten_seconds() {
        quiet.removed(PORT);
        quiet.forget(PORT);
        assertThat(quiet.holds(PORT)).isFalse();
        time.advanceTimeBy(1, TimeUnit.MINUTES);
        assertThat(over).isEmpty();
        quiet.removed(PORT);
        assertHolds(500);
        quiet.managed(PORT);
        assertHolds(10_000);
        quiet.removed(PORT);
        quiet.stop();
        time.advanceTimeBy(1, TimeUnit.MINUTES);
        assertThat(over).hasSize(2);
    }

    @Test
    void a_port_that_another_program_removed_is_not_repaired_before_the_quiet_time_is_over() {
        Port port = enrolledPort();
        others.hear(new PortRemoved(port));
        view.apply(new PortRemoved(port));

        assertThat(rule.restraint(subject(Naming.RENAME), enrolled(false)))
                .hasValueSatisfying(outcome -> assertThat(outcome)
                        .isInstanceOfSatisfying(
                                Rest.class, rest -> assertThat(rest.standing()).isEqualTo(ContainerPhase.WAITING)));
        assertHolds(500);
        assertThat(rule.restraint(subject(Naming.RENAME), enrolled(false))).isEmpty();
    }

    @Test
    void a_port_that_the_agent_removed_needs_no_quiet_time() {
        Port port = enrolledPort();
        view.apply(new ContainerLeft(ID, "e1", PORT, "vmbr0", "test", false));
        others.hear(new PortRemoved(port));
        assertThat(quiet.holds(PORT)).isFalse();
        assertThat(rule.restraint(subject(Naming.RENAME), Optional.empty())).isEmpty();
    }

    @Test
    void the_program_that_made_the_port_of_a_link_that_it_finds_by_name_makes_it_again() {
        assertThat(rule.restraint(startedSubject(Naming.ALTNAME), enrolled(true)))
                .hasValueSatisfying(outcome -> assertThat(outcome)
                        .isInstanceOfSatisfying(
                                Rest.class, rest -> assertThat(rest.standing()).isEqualTo(ContainerPhase.DRIFTED)));
        // A port that the agent made, or whose link bears a name of the agent's, is the agent's to make again.
        assertThat(rule.restraint(subject(Naming.ALTNAME), enrolled(false))).isEmpty();
        assertThat(rule.restraint(subject(Naming.RENAME), enrolled(true))).isEmpty();
    }

    private Port enrolledPort() {
        PortOwner marks = new PortOwner(OWNER, ID, 7, "e1", Optional.of(PortMaker.AGENT), Optional.empty());
        Port port = new Port(
                "u1",
                PORT,
                "vmbr0",
                Optional.empty(),
                Set.of(),
                Optional.empty(),
                Map.copyOf(marks.toExternalIds()),
                "system",
                1,
                Optional.empty());
        startedSubject(Naming.RENAME);
        view.apply(new LinkAppeared(LINK));
        view.apply(new PortAdded(port));
        return port;
    }

    private LinkSubject startedSubject(Naming naming) {
        view.apply(new ContainerStarted(new LxcContainer(ID, "/var/lib/lxc"), 4711));
        return subject(naming);
    }

    private LinkSubject subject(Naming naming) {
        return new LinkSubject(
                ID,
                view.container(ID).orElseThrow(),
                Intent.automatic("vmbr0", naming),
                LINK,
                new LinkName(PORT),
                true);
    }

    private static Optional<Enrollment> enrolled(boolean adopted) {
        return Optional.of(new Enrollment(
                ID, "e1", 7, PORT, "vmbr0", Optional.empty(), Optional.empty(), adopted, Optional.empty()));
    }
}
