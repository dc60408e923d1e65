// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.schedulers.TestScheduler;
import io.reactivex.rxjava3.subjects.CompletableSubject;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.opdbus.events.AgentEvent.Source;
import org.opdbus.events.AgentEvent.SourceListed;
import org.opdbus.events.AgentEvent.SourceLost;
import org.opdbus.events.AnswerEvent.LinkMade;
import org.opdbus.events.AnswerEvent.NamespaceResolved;
import org.opdbus.events.Bridge;
import org.opdbus.events.ContainerEvent.ContainerStarted;
import org.opdbus.events.ContainerEvent.ContainerStopped;
import org.opdbus.events.ContainerId;
import org.opdbus.events.ContainerId.Kind;
import org.opdbus.events.EnrollmentEvent.ContainerEnrolled;
import org.opdbus.events.EnrollmentEvent.EnrollmentRefused;
import org.opdbus.events.EnrollmentEvent.PortMaker;
import org.opdbus.events.Event;
import org.opdbus.events.Link;
import org.opdbus.events.LinkEvent.LinkAppeared;
import org.opdbus.events.LinkEvent.LinkVanished;
import org.opdbus.events.LinkName;
import org.opdbus.events.Port;
import org.opdbus.events.PortEvent.BridgeAdded;
import org.opdbus.events.PortEvent.BridgeChanged;
import org.opdbus.events.PortEvent.PortAdded;
import org.opdbus.events.PortEvent.PortRemoved;
import org.opdbus.events.StaticAddress;
import org.opdbus.events.Workload.Asked;
import org.opdbus.events.Workload.EngineContainer;
import org.opdbus.events.Workload.LxcContainer;
import org.opdbus.verticles.edges.NewLink;
import org.opdbus.verticles.enroll.bridge.plan.PortStep.AttachPort;
import org.opdbus.verticles.enroll.bridge.plan.PortStep.DetachPort;
import org.opdbus.verticles.enroll.bridge.plan.PortStep.RemovePort;
import org.opdbus.verticles.enroll.bridge.plan.QuietTimes;
import org.opdbus.verticles.enroll.bridge.plan.RecordStep.RecordDetached;
import org.opdbus.verticles.hotpath.RuleOrder;
import org.opdbus.verticles.inventory.ContainerPhase;
import org.opdbus.verticles.inventory.ContainerStatus;
import org.opdbus.verticles.plan.Intent;
import org.opdbus.verticles.plan.Intent.Inside;
import org.opdbus.verticles.plan.Intent.Naming;
import org.opdbus.verticles.plan.Intent.TakenBack;
import org.opdbus.verticles.plan.PlannedStep;
import org.opdbus.verticles.rename.NamingRule;
import org.opdbus.verticles.rename.RenameStep.MakeLink;
import org.opdbus.verticles.rename.RenameStep.PrepareLink;
import org.opdbus.verticles.rename.RenameStep.ResolveNamespace;
import org.opdbus.verticles.view.HostView;
import org.opdbus.verticles.view.PortOwner;

/** The agent makes the link of a container to which Docker or Podman gives none, and leaves the engine's own links alone. */
class EngineContainersTest {
    private static final ContainerId ID = Kind.DOCKER.id("3f2ab1c9d0e1");
    private static final ContainerId OTHER = Kind.PODMAN.id("aaaaaaaaaaaa");
    private static final String NAME = "vi3f2ab1c9d0e1";
    private static final int NAMESPACE = 7;
    private static final long PID = 4711;

    private final TestScheduler time = new TestScheduler();
    private final HostView view = new HostView(new HostView.Start("here", false, 1, List.of()));
    private final Planner planner =
            new Planner(view, RuleOrder.of(view, new QuietTimes(name -> {}), new NamingRule("vi{id}"), true));
    private final List<PlannedStep> begun = new ArrayList<>();
    private final List<Event> facts = new ArrayList<>();
    private CompletableSubject underWay = CompletableSubject.create();
    private Intent intent = asked(Optional.empty(), Inside.UNNAMED);
    private int questions;
    private int namespace = Link.NO_NAMESPACE;
    private final Reconciler reconciler = new Reconciler(
            view,
            planner,
            id -> id.equals(ID) ? intent : Intent.leaveAlone(),
            new Reconciler.Outside(facts::add, this::carryOut, looked -> {}, failures -> 50, time));

    private Completable carryOut(PlannedStep step) {
        if (step instanceof ResolveNamespace resolve) {
            questions++;
            hear(new NamespaceResolved(resolve.container(), resolve.initPid(), namespace, resolve.question()));
            return Completable.complete();
        }
        begun.add(step);
        underWay = CompletableSubject.create();
        return underWay;
    }

    /** The kernel makes the link, and answers. */
    private void linkAppears() {
        namespace = NAMESPACE;
        hear(new LinkAppeared(link(9, NAME, NAMESPACE)));
        underWay.onComplete();
        time.triggerActions();
    }

    private void hear(Event event) {
        reconciler.hear(event);
        time.triggerActions();
    }

    private static Intent asked(Optional<StaticAddress> address, Inside inside) {
        return new Intent(
                true,
                false,
                "vmbr0",
                Naming.RENAME,
                Optional.empty(),
                Optional.of(42),
                address,
                inside,
                TakenBack.NOTHING);
    }

    private static EngineContainer container(String network, Asked asked) {
        return new EngineContainer(ID, "web", "busybox", network, asked);
    }

    private void starts(String network, Asked asked) {
        hear(new ContainerStarted(container(network, asked), PID));
    }

    private static Link link(int index, String name, int peerNamespace) {
        return new Link(
                index, new LinkName(name), List.of(), "veth", Optional.empty(), 2, peerNamespace, 0, true, true);
    }

    private ContainerStatus status() {
        return reconciler.status(ID);
    }

    private NewLink made() {
        assertThat(begun).singleElement().isInstanceOf(MakeLink.class);
        return ((MakeLink) begun.get(0)).link();
    }

    @BeforeEach
    void listEverything() {
        hear(new BridgeAdded(new Bridge("vmbr0", "system")));
        for (Source source : Source.values()) {
            hear(new SourceListed(source, 0));
        }
    }

    @Test
    void a_container_without_a_network_gets_a_link_which_then_is_prepared_like_every_other() {
        starts("none", Asked.NOTHING);
        NewLink link = made();
        assertThat(link.outer()).hasToString(NAME);
        assertThat(link.inner()).hasToString("eth0");
        assertThat(link.mac()).startsWith("02:").hasSize(17);

        linkAppears();
        assertThat(begun).last().isInstanceOfSatisfying(PrepareLink.class, step -> {
            assertThat(step.link().index()).isEqualTo(9);
            assertThat(step.name()).as("it has its name").isEmpty();
        });
    }

    @Test
    void a_link_that_was_made_becomes_a_port_at_once_whichever_of_the_two_messages_about_it_comes_first()
            throws UnknownHostException {
        StaticAddress address =
                new StaticAddress((Inet4Address) InetAddress.getByName("10.7.0.2"), 24, Optional.empty());
        intent = asked(Optional.of(address), Inside.UNNAMED);
        starts("none", Asked.NOTHING);
        MakeLink step = (MakeLink) begun.get(0);
        assertThat(step.bridge()).isEqualTo("vmbr0");
        assertThat(step.link().finishesChecksums())
                .as("its datapath is the kernel's")
                .isFalse();

        Link made = link(9, NAME, NAMESPACE);
        hear(new NamespaceResolved(ID, PID, NAMESPACE, step.question()));
        hear(new LinkMade(
                ID, PID, made, new Link.Inner(new LinkName("eth0"), step.link().mac(), false), Optional.of(address)));
        underWay.onComplete();
        time.triggerActions();
        assertThat(begun).as("the kernel has said nothing yet").hasSize(1);
        hear(new LinkAppeared(made));
        assertThat(begun)
                .hasSize(2)
                .last()
                .isInstanceOfSatisfying(
                        AttachPort.class,
                        attach -> assertThat(attach.inner().mac())
                                .isEqualTo(step.link().mac()));
    }

    @Test
    void the_kernel_is_not_asked_for_the_namespace_of_a_container_that_has_no_link_yet() {
        hear(new BridgeChanged(new Bridge("vmbr0", "system"), new Bridge("vmbr0", "netdev")));
        starts("none", Asked.NOTHING);
        // It could lead into any namespace.
        hear(new LinkAppeared(link(8, "veth1234567", NAMESPACE)));
        assertThat(questions).isZero();
        assertThat(made().finishesChecksums()).isTrue();
    }

    @Test
    void the_link_is_made_with_its_address_its_mtu_and_its_name() throws UnknownHostException {
        StaticAddress address =
                new StaticAddress((Inet4Address) InetAddress.getByName("10.7.0.2"), 24, Optional.empty());
        intent = asked(Optional.of(address), new Inside(Optional.of(new LinkName("lan0")), Optional.of(1400)));
        starts("none", Asked.NOTHING);
        assertThat(made().inner()).hasToString("lan0");
        assertThat(made().mtu()).contains(1400);
        assertThat(made().address()).contains(address);
    }

    @Test
    void beside_a_network_of_the_engine_the_link_is_a_second_one_and_the_engines_is_left_alone() {
        namespace = NAMESPACE;
        hear(new LinkAppeared(link(8, "veth1234567", NAMESPACE)));
        starts("bridge", Asked.NOTHING);
        assertThat(made().inner()).hasToString("op0");
    }

    @Test
    void a_container_that_nobody_asked_for_is_left_alone() {
        intent = Intent.leaveAlone();
        starts("none", Asked.NOTHING);
        assertThat(begun).isEmpty();
        assertThat(status().standing()).isEqualTo(ContainerPhase.LEFT_ALONE);
    }

    @Test
    void a_container_with_the_network_of_the_host_or_of_another_container_is_refused() {
        starts("host", Asked.NOTHING);
        assertThat(status().standing()).isEqualTo(ContainerPhase.REFUSED);
        assertThat(status().why()).contains("network of the host");
        hear(new ContainerStopped(container("host", Asked.NOTHING), "test"));
        starts("container:aaaa", Asked.NOTHING);
        assertThat(status().why()).contains("network of another container");
        assertThat(begun).isEmpty();
    }

    @Test
    void labels_that_cannot_be_understood_are_refused_unless_the_state_file_names_the_container() {
        Asked faulty = new Asked(
                Optional.of("vmbr0"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of("opdbus.vlan must be a number from 1 to 4094, is 5000"));
        starts("none", faulty);
        assertThat(begun).isEmpty();
        assertThat(status().why()).contains("opdbus.vlan must be a number");

        intent = new Intent(
                true,
                true,
                "vmbr0",
                Naming.RENAME,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Inside.UNNAMED,
                TakenBack.NOTHING);
        reconciler.look(ID);
        assertThat(begun).singleElement().isInstanceOf(MakeLink.class);
    }

    @Test
    void an_entry_without_a_bridge_makes_no_link() {
        intent = attachedToNothing();
        starts("none", Asked.NOTHING);
        assertThat(begun).isEmpty();
        assertThat(status().standing()).isEqualTo(ContainerPhase.LEFT_ALONE);
    }

    @Test
    void an_entry_without_a_bridge_takes_a_link_off_its_bridge() {
        namespace = NAMESPACE;
        intent = Intent.leaveAlone();
        starts("none", Asked.NOTHING);
        hear(new LinkAppeared(link(9, NAME, NAMESPACE)));
        hear(new PortAdded(port()));
        assertThat(begun).isEmpty();

        intent = attachedToNothing();
        reconciler.look(ID);
        time.triggerActions();
        assertThat(begun).singleElement().isInstanceOfSatisfying(DetachPort.class, step -> {
            assertThat(step.port()).isEqualTo(port());
            assertThat(step.enrollment()).isEqualTo("e1");
        });
        hear(new PortRemoved(port()));
        underWay.onComplete();
        time.triggerActions();
        assertThat(begun).hasSize(1);
        assertThat(status().standing()).isEqualTo(ContainerPhase.ENROLLED);
    }

    @Test
    void an_enrolment_whose_port_an_earlier_run_has_taken_off_is_closed() {
        namespace = NAMESPACE;
        intent = Intent.leaveAlone();
        starts("none", Asked.NOTHING);
        hear(new LinkAppeared(link(9, NAME, NAMESPACE)));
        hear(new ContainerEnrolled(
                ID,
                "e1",
                new LinkName(NAME),
                9,
                "vmbr0",
                Optional.of(42),
                Optional.empty(),
                Optional.empty(),
                3,
                Optional.of(PortMaker.AGENT),
                false));
        assertThat(begun).isEmpty();

        intent = attachedToNothing();
        reconciler.look(ID);
        time.triggerActions();
        assertThat(begun)
                .singleElement()
                .isInstanceOfSatisfying(
                        RecordDetached.class,
                        step -> assertThat(step.enrollment().id()).isEqualTo("e1"));
    }

    private static Intent attachedToNothing() {
        return new Intent(
                true,
                true,
                "",
                Naming.RENAME,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Inside.UNNAMED,
                TakenBack.NOTHING);
    }

    @Test
    void a_refusal_is_told_once_whatever_is_asked_of_the_kernel_meanwhile() {
        starts("host", Asked.NOTHING);
        // It may lead into any namespace for which the kernel had no number.
        hear(new LinkAppeared(link(8, "veth1234567", NAMESPACE)));
        hear(new LinkAppeared(link(9, "veth7654321", NAMESPACE + 1)));
        assertThat(facts).filteredOn(EnrollmentRefused.class::isInstance).hasSize(1);
    }

    @Test
    void a_guest_in_its_network_does_not_make_it_a_shared_one() {
        hear(new ContainerStarted(
                new EngineContainer(OTHER, "sidecar", "busybox", "container:" + ID.own(), Asked.NOTHING), PID + 1));
        starts("none", Asked.NOTHING);
        linkAppears();
        assertThat(begun).last().isInstanceOf(PrepareLink.class);
    }

    @Test
    void the_link_of_its_last_run_is_waited_for_also_if_its_namespaces_number_is_another_containers_by_now() {
        Link lingering = link(8, NAME, NAMESPACE);
        namespace = NAMESPACE;
        hear(new LinkAppeared(lingering));
        hear(new ContainerStarted(new LxcContainer(new ContainerId("100"), "/var/lib/lxc"), PID + 1));
        namespace = Link.NO_NAMESPACE;
        starts("none", Asked.NOTHING);
        assertThat(begun).isEmpty();
        assertThat(status().standing()).isEqualTo(ContainerPhase.WAITING);
        hear(new LinkVanished(lingering));
        assertThat(begun).singleElement().isInstanceOf(MakeLink.class);
    }

    @Test
    void a_strangers_link_that_has_its_name_is_refused() {
        hear(new LinkAppeared(new Link(
                8, new LinkName(NAME), List.of(), "dummy", Optional.empty(), 0, Link.NO_NAMESPACE, 0, true, true)));
        starts("none", Asked.NOTHING);
        assertThat(begun).isEmpty();
        assertThat(status().why()).contains("is held by link 8");
    }

    @Test
    void no_link_is_made_while_the_engine_or_the_database_cannot_be_asked() {
        hear(new SourceLost(Source.OVSDB, "test"));
        starts("none", Asked.NOTHING);
        assertThat(status().standing()).isEqualTo(ContainerPhase.WAITING);
        hear(new SourceLost(Source.DOCKER, "test"));
        hear(new SourceListed(Source.OVSDB, 0));
        assertThat(status().standing()).isEqualTo(ContainerPhase.WAITING);
        assertThat(begun).isEmpty();
        hear(new SourceListed(Source.DOCKER, 1));
        assertThat(begun).singleElement().isInstanceOf(MakeLink.class);
    }

    @Test
    void a_link_of_its_last_run_is_waited_for_also_if_the_kernel_has_not_said_that_it_leads_nowhere() {
        Link lingering = link(8, NAME, NAMESPACE);
        hear(new LinkAppeared(lingering));
        starts("none", Asked.NOTHING);
        assertThat(begun).isEmpty();
        assertThat(status().standing()).isEqualTo(ContainerPhase.WAITING);
        hear(new LinkVanished(lingering));
        assertThat(begun).singleElement().isInstanceOf(MakeLink.class);
    }

    @Test
    void while_its_engine_cannot_be_asked_a_port_is_removed_only_if_its_link_is_gone() {
        Port port = port();
        hear(new SourceLost(Source.DOCKER, "test"));
        hear(new LinkAppeared(link(9, NAME, NAMESPACE)));
        hear(new PortAdded(port));
        assertThat(begun).isEmpty();
        assertThat(status().standing()).isEqualTo(ContainerPhase.WAITING);
        hear(new LinkVanished(link(9, NAME, NAMESPACE)));
        assertThat(begun).singleElement().isInstanceOf(RemovePort.class);
    }

    @Test
    void a_port_of_a_container_that_its_engine_does_not_list_is_removed() {
        hear(new LinkAppeared(link(9, NAME, NAMESPACE)));
        hear(new PortAdded(port()));
        assertThat(begun).singleElement().isInstanceOf(RemovePort.class);
    }

    private static Port port() {
        PortOwner marks = new PortOwner("here", ID, 9, "e1", Optional.of(PortMaker.AGENT), Optional.empty());
        return new Port(
                "11111111-1111-1111-1111-111111111111",
                NAME,
                "vmbr0",
                Optional.of(42),
                Set.of(),
                Optional.empty(),
                marks.toExternalIds(),
                "",
                3,
                Optional.empty());
    }
}
