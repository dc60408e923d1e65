// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.reconcile;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivex.rxjava3.schedulers.TestScheduler;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.opdbus.events.AgentEvent.Source;
import org.opdbus.events.ContainerId;
import org.opdbus.events.EnrollmentEvent.ContainerEnrolled;
import org.opdbus.events.EnrollmentEvent.ContainerLeft;
import org.opdbus.events.EnrollmentEvent.EnrollmentLost;
import org.opdbus.events.EnrollmentEvent.EnrollmentRefused;
import org.opdbus.events.Event;
import org.opdbus.events.LedgerEvent.EntryCommitted;
import org.opdbus.events.Link;
import org.opdbus.events.LinkName;
import org.opdbus.events.Port;
import org.opdbus.events.Refusal;
import org.opdbus.verticles.enroll.bridge.BridgeEdges;
import org.opdbus.verticles.enroll.bridge.BridgeHandler;
import org.opdbus.verticles.enroll.bridge.plan.QuietTimes;
import org.opdbus.verticles.hotpath.RuleOrder;
import org.opdbus.verticles.inventory.ContainerPhase;
import org.opdbus.verticles.inventory.ContainerStatus;
import org.opdbus.verticles.plan.Intent;
import org.opdbus.verticles.plan.Intent.Inside;
import org.opdbus.verticles.plan.Intent.Naming;
import org.opdbus.verticles.plan.Intent.TakenBack;
import org.opdbus.verticles.rename.NamingRule;
import org.opdbus.verticles.rename.RenameEdges;
import org.opdbus.verticles.rename.RenameHandler;
import org.opdbus.verticles.view.Enrollment;
import org.opdbus.verticles.view.HostView;
import org.opdbus.verticles.view.PortOwner;

/**
 * After any changes to a host and any failures, the reconciler comes to rest, and then everything is as it should be.
 * {@code -Dseed=} replays a run, {@code -Dsteps=} makes it longer.
 */
class PlannerPropertyTest {
    private static final String OWNER = "here";
    private static final int LINKS_MAX = 32;
    /** Longer than any delay between two attempts. */
    private static final int QUIET_S = 45;

    private static final int ACTIONS_PER_STEP_MAX = 400;
    private static final List<ContainerId> CONTAINERS =
            IntStream.range(100, 106).mapToObj(id -> new ContainerId("" + id)).toList();

    @Test
    void whatever_happens_the_reconciler_comes_to_rest_and_all_is_well() {
        long seed = Long.getLong("seed", System.nanoTime());
        int steps = Integer.getInteger("steps", 4_000);
        System.out.println("PlannerPropertyTest -Dseed=" + seed + " -Dsteps=" + steps);
        Run run = new Run(new Random(seed));
        for (int step = 0; step < steps; step++) {
            try {
                run.step();
            } catch (RuntimeException | AssertionError e) {
                throw new AssertionError(
                        "-Dseed=" + seed + " step " + step + ": " + e.getMessage() + "\n"
                                + String.join("\n", run.story),
                        e);
            }
        }
        assertThat(run.enrolments).as("the run was about something").isGreaterThan(steps / 20);
        assertThat(run.enginesEnrolments).as("and about Docker and Podman").isGreaterThan(steps / 20);
        assertThat(run.preserved.tagsChecked).as("VLANs were compared").isGreaterThan(steps / 10);
    }

    /** One host, the agent's runs on it, and what is recorded of them. */
    private static final class Run {
        private final Random chance;
        private final SimulatedHost host;
        private final SimulatedEdges edges;
        private final Preserved preserved;
        private final NamingRule naming = new NamingRule("vi{id}");
        private final Map<String, ContainerEnrolled> open = new LinkedHashMap<>();
        private final Map<String, Long> heights = new HashMap<>();
        private final Set<String> beforeBoot = new HashSet<>();
        private final Set<String> strangerPorts = new HashSet<>();
        private final Deque<Event> undelivered = new ArrayDeque<>();
        private final List<ContainerEnrolled> uncommitted = new ArrayList<>();
        private Optional<Map<String, Port>> older = Optional.empty();
        private TestScheduler time = new TestScheduler();
        private Reconciler reconciler;
        private long height;
        int enrolments;
        int enginesEnrolments;
        final List<String> story = new ArrayList<>();

        Run(Random chance) {
            this.chance = chance;
            host = new SimulatedHost(chance, new TreeSet<>(CONTAINERS));
            edges = new SimulatedEdges(host, OWNER, chance);
            preserved = new Preserved(host);
            reconciler = newAgent(List.of());
        }

        private Reconciler newAgent(Collection<Enrollment> recovered) {
            time = new TestScheduler();
            edges.time = time;
            undelivered.clear();
            HostView view = new HostView(new HostView.Start(OWNER, false, chance.nextLong(), recovered));
            QuietTimes quiet = QuietTimes.publishing(this::record, view);
            quiet.start(time);
            Planner planner = new Planner(view, RuleOrder.of(view, quiet, naming, true));
            DirectSteps steps = new DirectSteps();
            new BridgeHandler(this::record, view, BridgeEdges.of(edges.edges()), time).handle(steps);
            new RenameHandler(this::record, RenameEdges.of(edges.edges()), time).handle(steps);
            List<Reconciler> self = new ArrayList<>();
            Reconciler made = new Reconciler(
                    view,
                    (id, intent, earlier, stale) -> sameAsFromNothing(
                            planner.plan(id, intent, earlier, stale),
                            planner.plan(id, intent),
                            index -> self.get(0).isUnderWay(id, index)),
                    id -> intentFor(view, id),
                    new Reconciler.Outside(
                            this::record,
                            step -> {
                                note("      " + step);
                                return steps.send(step)
                                        .doOnError(failure -> note("      failed: " + failure.getMessage()));
                            },
                            looked -> {},
                            failures -> 20L << Math.min(failures, 10),
                            time));
            self.add(made);
            host.tellEverything();
            return made;
        }

        /** What the agent's own policy says of the labels of a container that the view knows. */
        private Intent intentFor(HostView view, ContainerId id) {
            if (!id.kind().isEngine()) {
                return Intent.automatic(SimulatedHost.BRIDGE, Naming.AUTO);
            }
            return view.container(id).isPresent() && host.engines.isAttached(id)
                    ? new Intent(
                            true,
                            false,
                            SimulatedHost.BRIDGE,
                            Naming.RENAME,
                            Optional.empty(),
                            host.engines.of(id).asked().vlan(),
                            Optional.empty(),
                            Inside.UNNAMED,
                            TakenBack.NOTHING)
                    : Intent.leaveAlone();
        }

        /**
         * The reused parts of the last plan must equal a new plan. Links with a step in progress are an exception: the router
         * plans them again before it acts on them.
         */
        private Plan sameAsFromNothing(Plan renewed, Plan fresh, IntPredicate underWay) {
            if (!renewed.whole().equals(fresh.whole())
                    || !renewed.endings().equals(fresh.endings())
                    || !renewed.names().equals(fresh.names())) {
                edges.violations.add("the plan is out of date: " + renewed + " is not " + fresh);
            }
            Set<Integer> indexes = new TreeSet<>(renewed.links().keySet());
            indexes.addAll(fresh.links().keySet());
            for (int index : indexes) {
                Plan.LinkPlan link = renewed.links().get(index);
                if (!underWay.test(index) && !Objects.equals(link, fresh.links().get(index))) {
                    edges.violations.add("the plan of a link is out of date: " + link + " is not "
                            + fresh.links().get(index));
                }
            }
            return renewed;
        }

        /** The next fact: of a source, or of the agent itself, which hears its own facts in its own time, too. */
        private Optional<Event> nextFact() {
            if (!undelivered.isEmpty() && chance.nextBoolean()) {
                return Optional.of(undelivered.remove());
            }
            Optional<Event> told = host.next();
            return told.isPresent() ? told : Optional.ofNullable(undelivered.poll());
        }

        private void record(Event event) {
            note("    " + event);
            undelivered.add(event);
            try {
                preserved.heard(event);
            } catch (AssertionError e) {
                // Inside a step this would end as one more failure that is tried again.
                edges.violations.add(String.valueOf(e.getMessage()));
            }
            if (event instanceof EnrollmentRefused refused && refused.reason() == Refusal.NAME_TAKEN) {
                checkTaken(refused);
            }
            if (event instanceof ContainerEnrolled enrolled) {
                enrolments++;
                enginesEnrolments += enrolled.container().kind().isEngine() ? 1 : 0;
                open.values()
                        .removeIf(earlier -> earlier.container().equals(enrolled.container())
                                && earlier.index() == enrolled.index()
                                && !earlier.enrollment().equals(enrolled.enrollment()));
                open.put(enrolled.enrollment(), enrolled);
                beforeBoot.remove(enrolled.enrollment());
                uncommitted.add(enrolled);
            } else if (event instanceof ContainerLeft left) {
                open.remove(left.enrollment());
            } else if (event instanceof EnrollmentLost lost) {
                preserved.ended(lost.enrollment());
                assertThat(open.remove(lost.enrollment()))
                        .as("%s was open", lost)
                        .isNotNull();
            }
        }

        /** The link of a container's last run is about to go. */
        private void checkTaken(EnrollmentRefused refused) {
            ContainerId id = refused.container();
            boolean byItsOwn = id.kind().isEngine()
                    && host.linkNamed(naming.nameFor(id, 0).value())
                            .filter(host::lingers)
                            .isPresent();
            if (byItsOwn) {
                edges.violations.add("refused because of its own link: " + refused);
            }
        }

        private void note(String words) {
            story.add(words);
            if (story.size() > 300) {
                story.remove(0);
            }
        }

        void step() {
            edges.failing = chance.nextInt(3) == 0 ? 30 : 0;
            int doings = 1 + chance.nextInt(3);
            for (int n = 0; n < doings; n++) {
                doSomething();
                // Often the next thing happens while the last is still being worked on.
                work(chance.nextInt(12));
            }
            if (!host.database && chance.nextBoolean()) {
                note("database back");
                host.regainDatabase(Optional.empty());
            }
            for (Source source : List.of(Source.DOCKER, Source.PODMAN)) {
                if (!host.engines.isAnswering(source) && chance.nextBoolean()) {
                    note("listed again: " + source);
                    host.regainEngine(source);
                }
            }
            int before = edges.changes;
            settle();
            assertThat(edges.changes - before).as("actions until rest").isLessThan(ACTIONS_PER_STEP_MAX);
            check();
        }

        /** Hears some of what is told and does some of what is due. */
        private void work(int count) {
            for (int n = 0; n < count; n++) {
                nextFact().ifPresent(reconciler::hear);
                if (chance.nextInt(30) == 0) {
                    host.takeAwayLingering();
                }
                if (chance.nextInt(3) == 0) {
                    time.triggerActions();
                }
                if (chance.nextInt(10) == 0) {
                    time.advanceTimeBy(1 + chance.nextInt(40), TimeUnit.MILLISECONDS);
                }
                commitSome();
            }
        }

        private void commitSome() {
            if (!uncommitted.isEmpty() && chance.nextBoolean()) {
                ContainerEnrolled enrolled = uncommitted.remove(0);
                note("    entry " + (height + 1) + " of " + enrolled.enrollment());
                heights.put(enrolled.enrollment(), height + 1);
                undelivered.add(new EntryCommitted(++height, "", enrolled));
            }
        }

        private void settle() {
            work(40);
            edges.failing = 0;
            settleQuietly();
            if (!host.engines.isEachAnswering()) {
                // Nobody tells what of such an engine ended while the agent was away: the next pass finds it.
                reconciler.lookAtAll();
                settleQuietly();
            }
        }

        private void settleQuietly() {
            int quiet = 0;
            for (int round = 0; quiet < QUIET_S; round++) {
                assertThat(round).as("rounds until rest").isLessThan(4_000);
                int before = edges.changes;
                Optional<Event> next = nextFact();
                next.ifPresent(reconciler::hear);
                time.triggerActions();
                boolean committing = !uncommitted.isEmpty();
                commitSome();
                if (next.isEmpty() && !committing) {
                    // What an action tells is heard before the agent gives up waiting for its effect.
                    time.advanceTimeBy(1, TimeUnit.SECONDS);
                    if (chance.nextInt(3) == 0) {
                        host.takeAwayLingering();
                    }
                    quiet = edges.changes == before ? quiet + 1 : 0;
                }
            }
        }

        private void doSomething() {
            ContainerId id = CONTAINERS.get(chance.nextInt(CONTAINERS.size()));
            switch (chance.nextInt(33)) {
                case 0, 1, 2, 3, 4 -> startOrStop(id);
                case 5 -> ifRuns(id, "plug", () -> host.plug(id, hotName(id)));
                case 6 -> onLink(id, "unplug", link -> host.removeLink(link.index()));
                case 7 ->
                    onLink(id, "re-create", link -> {
                        host.removeLink(link.index());
                        host.plug(id, link.name().value()).ifPresent(preserved::unknown);
                    });
                case 8 -> onLink(id, "rename", this::rename);
                case 9 -> onOurPort("remove", port -> host.removePort(port.name()));
                case 10 ->
                    onOurPort(
                            "move",
                            port -> host.put(SimulatedHost.with(
                                    port, SimulatedHost.OTHER_BRIDGE, port.tag(), port.externalIds())));
                case 11 ->
                    onOurPort(
                            "retag",
                            port -> host.put(SimulatedHost.with(
                                    port, port.bridge(), Optional.of(1 + chance.nextInt(4)), port.externalIds())));
                case 12 ->
                    onOurPort(
                            "unmark", port -> host.put(SimulatedHost.with(port, port.bridge(), port.tag(), Map.of())));
                case 13 ->
                    onOurPort("replace", port -> {
                        host.replacePort(port.name(), port.bridge());
                        linkOf(port).ifPresent(preserved::unknown);
                    });
                case 14 -> strangerLink();
                case 15 -> strangerPort();
                case 16 -> {
                    note("database lost");
                    host.loseDatabase();
                }
                case 17 -> older = Optional.of(new HashMap<>(host.ports));
                case 18 -> {
                    if (!host.database && older.isPresent() && strangerPorts.isEmpty()) {
                        note("database back with an older copy");
                        host.regainDatabase(older);
                        preserved.databaseReplaced();
                    }
                }
                case 19 -> sweep();
                case 20 -> ifRuns(id, "plug attached", () -> host.plugAttached(id, hotName(id), anyTag()));
                case 21 -> onLink(id, "second row of", this::addSecondRow);
                case 22, 23 -> restart(chance.nextInt(6) == 0);
                default -> doWithEngine();
            }
            preserved.came(CONTAINERS.stream()
                    .filter(host.running::containsKey)
                    .flatMap(running -> host.linksOf(running).stream())
                    .toList());
        }

        private void doWithEngine() {
            List<ContainerId> ids = host.engines.ids();
            ContainerId id = ids.get(chance.nextInt(ids.size()));
            Source source = Source.of(id.kind());
            switch (chance.nextInt(12)) {
                case 0 -> {
                    note("lost: " + source);
                    host.engines.lose(source);
                }
                case 1 -> {
                    note("listed: " + source);
                    host.regainEngine(source);
                }
                case 2 -> {
                    note("rename " + id);
                    host.engines.rename(id);
                }
                case 3 -> ifRuns(id, "connect", () -> host.plugByEngine(id));
                case 4 -> onOwnLink(id, "unplug", link -> host.removeLink(link.index()));
                case 5 -> onOwnLink(id, "rename", this::rename);
                default -> startOrStopInEngine(id);
            }
        }

        private void onOwnLink(ContainerId id, String what, java.util.function.Consumer<Link> work) {
            host.ownLinksOf(id).stream().findFirst().ifPresent(link -> {
                note(what + " " + link);
                work.accept(link);
            });
        }

        private void startOrStopInEngine(ContainerId id) {
            boolean runs = host.running.containsKey(id);
            if (runs) {
                note("stop " + id);
                host.stopInEngine(id);
            }
            if (!runs || chance.nextInt(3) == 0) {
                work(chance.nextInt(4));
                note("start " + id);
                host.startInEngine(id);
            }
        }

        private void startOrStop(ContainerId id) {
            if (host.running.containsKey(id)) {
                note("stop " + id);
                host.stop(id, chance.nextBoolean());
                if (chance.nextInt(4) == 0) {
                    work(chance.nextInt(4));
                    start(id);
                }
            } else {
                start(id);
            }
        }

        private void start(ContainerId id) {
            note("start " + id);
            host.start(id, chance.nextInt(4), chance.nextInt(3) == 0, chance.nextInt(3) == 0);
        }

        private String hotName(ContainerId id) {
            return "veth" + (char) ('a' + chance.nextInt(26)) + id;
        }

        private Optional<Integer> anyTag() {
            return chance.nextBoolean() ? Optional.of(50 + chance.nextInt(4)) : Optional.empty();
        }

        private void rename(Link link) {
            String name = "hand" + chance.nextInt(50);
            if (!host.isKnown(name) && !host.ports.containsKey(name)) {
                preserved.undone(link);
                host.change(SimulatedHost.with(link, new LinkName(name), link.altNames(), link.up()));
            }
        }

        /** Another hand attaches a link under a name that it alone bore until a moment ago. */
        private void addSecondRow(Link link) {
            Optional<String> former = host.namesOf(link.index()).stream()
                    .filter(name -> host.linkNamed(name).isEmpty() && !host.ports.containsKey(name))
                    .filter(name -> !name.startsWith("vi") && host.hasBorneAlone(link, name))
                    .findFirst();
            if (host.database && former.isPresent()) {
                Optional<Integer> tag = anyTag();
                host.addPort(former.get(), SimulatedHost.BRIDGE, tag);
                preserved.tagged(link, tag);
            }
        }

        private void ifRuns(ContainerId id, String what, Runnable work) {
            if (host.running.containsKey(id)) {
                note(what + " " + id);
                work.run();
            }
        }

        private void onLink(ContainerId id, String what, java.util.function.Consumer<Link> work) {
            List<Link> links = host.linksOf(id);
            if (!links.isEmpty()) {
                Link link = links.get(chance.nextInt(links.size()));
                note(what + " " + link);
                work.accept(link);
            }
        }

        private void onOurPort(String what, java.util.function.Consumer<Port> work) {
            List<Port> ours = host.ports.values().stream().filter(this::isOurs).toList();
            if (!ours.isEmpty() && host.database) {
                Port port = ours.get(chance.nextInt(ours.size()));
                note(what + " " + port);
                linkOf(port).ifPresent(preserved::undone);
                work.accept(port);
            }
        }

        private Optional<Link> linkOf(Port port) {
            return PortOwner.of(port, OWNER).map(PortOwner::link).map(host.links::get);
        }

        private boolean isOurs(Port port) {
            return OWNER.equals(port.externalIds().get(PortOwner.OWNER));
        }

        private void strangerLink() {
            List<ContainerId> inEngines = host.engines.ids();
            String name = switch (chance.nextInt(6)) {
                case 0, 1 -> "vi" + CONTAINERS.get(chance.nextInt(CONTAINERS.size()));
                case 2 -> "vi" + inEngines.get(chance.nextInt(inEngines.size())).own();
                default -> "stranger" + chance.nextInt(3);
            };
            Optional<Link> held = host.linkNamed(name);
            note("stranger link " + name);
            if (held.isEmpty()) {
                host.addLink(name, "dummy", Link.NO_NAMESPACE);
            } else if (held.get().kind().equals("dummy")) {
                host.removeLink(held.get().index());
            }
        }

        private void strangerPort() {
            if (!host.database) {
                return;
            }
            String name = chance.nextInt(3) == 0
                    ? "vi" + CONTAINERS.get(chance.nextInt(CONTAINERS.size())) + "i1"
                    : "stranger" + chance.nextInt(3);
            // Two hands that reach for one name in the same instant cannot be told apart; here the stranger is first.
            settle();
            note("stranger port " + name);
            if (strangerPorts.remove(name)) {
                host.removePort(name);
            } else if (!host.ports.containsKey(name)
                    && host.linkNamed(name).flatMap(host::ownerOf).isEmpty()) {
                host.addPort(
                        name, chance.nextBoolean() ? SimulatedHost.BRIDGE : SimulatedHost.OTHER_BRIDGE, Optional.of(7));
                strangerPorts.add(name);
                settle();
            }
        }

        /** Another hand takes away the ports of links that have vanished and that bear no marks; they would pile up. */
        private void sweep() {
            if (host.database) {
                List<String> leaked = host.ports.values().stream()
                        .filter(port -> !isOurs(port) && !strangerPorts.contains(port.name()))
                        .map(Port::name)
                        .filter(name -> host.linkNamed(name).isEmpty() && !preserved.isOfLink(name))
                        .toList();
                note("sweep " + leaked);
                leaked.forEach(host::removePort);
            }
        }

        private void restart(boolean reboot) {
            note(reboot ? "reboot" : "restart");
            reconciler.stop();
            if (reboot) {
                host.reboot();
                preserved.rebooted();
            }
            preserved.restarted();
            preserved.lost(uncommitted);
            // What was not on disk is lost with the process; its port bears marks, and is found by them.
            uncommitted.forEach(lost -> open.remove(lost.enrollment()));
            uncommitted.clear();
            if (reboot) {
                beforeBoot.addAll(open.keySet());
            }
            List<Enrollment> recovered = open.values().stream()
                    .map(Enrollment::of)
                    .map(enrollment -> enrollment.at(heights.getOrDefault(enrollment.id(), 0L)))
                    .map(enrollment -> beforeBoot.contains(enrollment.id()) ? enrollment.beforeReboot() : enrollment)
                    .toList();
            reconciler = newAgent(recovered);
        }

        private void check() {
            assertThat(edges.violations).isEmpty();
            for (String name : strangerPorts) {
                assertThat(host.ports.get(name)).as("stranger's port %s", name).isNotNull();
                assertThat(host.ports.get(name).externalIds()).isEmpty();
                assertThat(host.ports.get(name).tag()).contains(7);
            }
            Map<ContainerId, ContainerStatus> status = new HashMap<>();
            reconciler.status().forEach(one -> status.put(one.id(), one));
            for (ContainerId id : host.running.keySet()) {
                if (!id.kind().isEngine()) {
                    checkRunning(id, Objects.requireNonNull(status.get(id)));
                } else if (host.engines.answers(id)) {
                    checkInEngine(id, Objects.requireNonNull(status.get(id)));
                }
            }
            Set<ContainerId> enrolled = new HashSet<>(host.running.keySet());
            enrolled.removeIf(id -> !status.containsKey(id)
                    || Objects.requireNonNull(status.get(id)).standing() != ContainerPhase.ENROLLED);
            preserved.checkFacts(enrolled, edges.names);
            if (host.database) {
                host.ports.values().stream().filter(this::isOurs).forEach(this::checkOwnPort);
                Set<ContainerId> ended = new HashSet<>();
                open.values().stream().map(ContainerEnrolled::container).forEach(ended::add);
                ended.removeAll(host.running.keySet());
                assertThat(ended).as("enrolments of containers that do not run").isEmpty();
            }
        }

        private void checkOwnPort(Port port) {
            PortOwner marks = PortOwner.of(port, OWNER).orElseThrow();
            Link link = host.links.get(marks.link());
            assertThat(link).as("the link of %s", port).isNotNull();
            assertThat(host.ownerOf(link)).as("the container of %s", port).contains(marks.container());
        }

        private void checkRunning(ContainerId id, ContainerStatus status) {
            assertThat(status).as("status of %s", id).isNotNull();
            List<Link> links = host.linksOf(id);
            switch (status.standing()) {
                case ENROLLED -> {
                    assertThat(host.database).isTrue();
                    assertThat(links).isNotEmpty().allSatisfy(link -> checkEnrolled(id, link));
                }
                case WITHOUT_LINK -> assertThat(links).as("links of %s", id).isEmpty();
                case WAITING -> {
                    assertThat(status.why()).isNotBlank();
                    assertThat(host.database).as("%s", status).isFalse();
                }
                case DRIFTED ->
                    // What another program made for a link that it names, only that program makes again.
                    assertThat(status.why()).contains("was made and removed by another program");
                case REFUSED -> {
                    assertThat(status.why()).isNotBlank();
                    assertThat(isObstructed(id) || preserved.isConfused(id))
                            .as("an obstacle for %s", status)
                            .isTrue();
                }
                default ->
                    throw new AssertionError(
                            "container " + id + " is " + status + ", its links " + links + ", ports " + host.ports);
            }
        }

        /** Of an attached container exactly one link is ours; of every other one none is. */
        private void checkInEngine(ContainerId id, ContainerStatus status) {
            List<Link> links = host.ownLinksOf(id);
            if (!host.engines.isAttached(id)) {
                assertThat(status.standing()).as("%s", status).isEqualTo(ContainerPhase.LEFT_ALONE);
                assertThat(links).as("links of %s", id).isEmpty();
                return;
            }
            switch (status.standing()) {
                case ENROLLED -> {
                    assertThat(host.database).isTrue();
                    assertThat(links).as("links of %s", id).singleElement().satisfies(link -> {
                        assertThat(link.name()).isEqualTo(naming.nameFor(id, 0));
                        assertThat(host.innerEnds.get(link.index()))
                                .as("the container's end of %s", link)
                                .isNotNull()
                                .matches(SimulatedHost.InnerEnd::up);
                        checkEnrolled(id, link);
                        host.engines
                                .of(id)
                                .asked()
                                .vlan()
                                .ifPresent(vlan -> assertThat(Objects.requireNonNull(host.ports.get(
                                                        link.name().value()))
                                                .tag())
                                        .contains(vlan));
                    });
                }
                case WAITING -> {
                    assertThat(status.why()).isNotBlank();
                    assertThat(host.database).as("%s", status).isFalse();
                }
                case REFUSED ->
                    assertThat(isObstructed(id) || isHidden(id))
                            .as("an obstacle for %s", status)
                            .isTrue();
                default ->
                    throw new AssertionError(
                            "container " + id + " is " + status + ", its links " + links + ", ports " + host.ports);
            }
        }

        /** Whether another hand has renamed the link of an engine's container before its enrolment was recorded. */
        private boolean isHidden(ContainerId id) {
            return host.ownLinksOf(id).stream().anyMatch(link -> !link.name().equals(naming.nameFor(id, 0)));
        }

        private void checkEnrolled(ContainerId id, Link link) {
            Port port = host.ports.get(link.name().value());
            assertThat(port).as("port of %s of %s", link, id).isNotNull();
            PortOwner marks = PortOwner.of(port, OWNER).orElseThrow();
            assertThat(marks.container()).isEqualTo(id);
            assertThat(marks.link()).isEqualTo(link.index());
            assertThat(port.bridge()).isEqualTo(SimulatedHost.BRIDGE);
            assertThat(port.isLive()).isTrue();
            preserved.checkEnrolled(link, port);
            assertThat(marks.entry()).as("the entry's height on %s", port).isPresent();
            assertThat(open.values().stream()
                            .filter(enrolled -> enrolled.container().equals(id) && enrolled.index() == link.index())
                            .map(ContainerEnrolled::enrollment))
                    .as("open enrolments of %s", link)
                    .containsExactly(marks.enrollment());
        }

        /** Whether something that is not ours, or no longer bears our marks, stands where one of its links should. */
        private boolean isObstructed(ContainerId id) {
            Set<String> names = new TreeSet<>();
            IntStream.range(0, LINKS_MAX)
                    .forEach(slot -> names.add(naming.nameFor(id, slot).value()));
            host.linksOf(id).forEach(link -> names.addAll(host.namesOf(link.index())));
            return names.stream().anyMatch(name -> isForeign(host.ports.get(name)) || isForeign(id, name));
        }

        private boolean isForeign(@Nullable Port port) {
            return port != null && !isOurs(port);
        }

        private boolean isForeign(ContainerId id, String name) {
            return host.linkNamed(name)
                    .filter(link -> !host.ownerOf(link).equals(Optional.of(id)))
                    .isPresent();
        }
    }
}
