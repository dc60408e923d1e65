// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.state;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.Disposable;
import io.reactivex.rxjava3.processors.BehaviorProcessor;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.config.state.DesiredContainer;
import org.opdbus.config.state.DesiredState;
import org.opdbus.config.state.StateLoader;
import org.opdbus.events.ContainerId;
import org.opdbus.events.ContainerId.Kind;
import org.opdbus.events.Event;
import org.opdbus.events.LedgerEvent.EntryCommitted;
import org.opdbus.events.LinkName;
import org.opdbus.events.StateEvent.ContainerChanged;
import org.opdbus.verticles.bus.Bus;
import org.opdbus.verticles.driver.CommandRunner;
import org.opdbus.verticles.driver.lxc.LxcDriver;
import org.opdbus.verticles.state.LiveContainer.Phase;

/** Applies of entries that only attach workloads, on a host that attaches at once. */
@Timeout(60)
class AttachmentApplyTest {
    private static final ContainerId WEB = Kind.DOCKER.id("web");
    private static final String ENTRY =
            "\"docker\":{\"containers\":[{\"name\":\"web\",\"mtu\":1400,\"properties\":{\"vlan\":20}}]}";

    @TempDir
    Path folder;

    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = new Bus(vertx);
    private final CommandRunner runner = new CommandRunner();
    private final Host host = new Host();
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final List<Event> facts = new CopyOnWriteArrayList<>();
    private final Disposable ledger = bus.subscribeAll(event -> {
        if (event.recorded()) {
            facts.add(event);
            bus.publish(new EntryCommitted(facts.size(), "0", event));
        }
    });

    private final ApplyProgress progress = new ApplyProgress() {
        @Override
        public void done(String line) {
            lines.add(line);
        }

        @Override
        public void note(String line) {
            lines.add("note: " + line);
        }
    };

    @AfterEach
    void close() {
        ledger.dispose();
        runner.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void a_running_container_is_attached_and_a_second_apply_does_nothing() throws Exception {
        host.runs(WEB, "3f2ab1c9d0e1");
        ApplyReport report = apply(ENTRY, false);
        assertThat(report.failed()).isEmpty();
        assertThat(report.changed()).containsExactly(WEB);
        assertThat(lines)
                .containsExactly(
                        "Added vi3f2ab1c9d0e1 to bridge vmbr0",
                        "Set mtu of container docker:web to 1400",
                        "Put vi3f2ab1c9d0e1 into VLAN 20",
                        "Blockchain footprint recorded");
        assertThat(facts)
                .containsExactly(
                        new ContainerChanged(WEB, Map.of("bridge", "vmbr0", "mtu", "1400", "properties.vlan", "20")));
        lines.clear();
        assertThat(apply(ENTRY, false).unchanged()).isEqualTo(1);
        assertThat(lines).isEmpty();
    }

    @Test
    void an_entry_for_a_container_that_does_not_run_applies_when_it_starts() throws Exception {
        assertThat(apply(ENTRY, false).failed()).isEmpty();
        assertThat(lines)
                .containsExactly(
                        "Container docker:web is attached to bridge vmbr0 when it starts",
                        "Blockchain footprint recorded");
        assertThat(host.wanted).containsOnlyKeys(WEB);
        lines.clear();
        assertThat(apply(ENTRY, false).unchanged()).isEqualTo(1);
        assertThat(lines).isEmpty();
    }

    @Test
    void only_prune_takes_an_entry_back_and_then_its_container_is_detached() throws Exception {
        host.runs(WEB, "3f2ab1c9d0e1");
        assertThat(apply(ENTRY, false).failed()).isEmpty();
        lines.clear();
        assertThat(apply("\"lxc\":{}", false).failed()).isEmpty();
        assertThat(lines)
                .containsExactly("note: container docker:web was in a state applied earlier and is not in this one: its"
                        + " entry stays in force until it is taken back with --prune");
        assertThat(Objects.requireNonNull(host.live.get(WEB)).bridge()).isEqualTo("vmbr0");
        lines.clear();
        ApplyReport report = apply("\"lxc\":{}", true);
        assertThat(report.failed()).isEmpty();
        assertThat(report.destroyed()).isEmpty();
        assertThat(lines)
                .containsExactly(
                        "Took back the entry of container docker:web: the last applied state file had it, and this one"
                                + " does not",
                        "Blockchain footprint recorded");
        assertThat(Objects.requireNonNull(host.live.get(WEB)).bridge()).isEmpty();
        assertThat(host.wanted).isEmpty();
        assertThat(facts).last().isEqualTo(new ContainerChanged(WEB, Map.of("bridge", "")));
        lines.clear();
        assertThat(apply("\"lxc\":{}", true).changed()).isEmpty();
        assertThat(lines).isEmpty();
    }

    @Test
    void a_refusal_is_the_reason_of_the_failure() throws Exception {
        host.runs(WEB, "3f2ab1c9d0e1");
        host.refusal = "container web has the network of the host";
        assertThat(apply(ENTRY, false).failed()).singleElement().satisfies(failed -> {
            assertThat(failed.container()).isEqualTo(WEB);
            assertThat(failed.message()).isEqualTo("container web has the network of the host");
        });
        assertThat(apply("\"docker\":{\"containers\":[{\"name\":\"web\",\"bridge\":\"nowhere\"}]}", false)
                        .failed())
                .singleElement()
                .satisfies(failed -> assertThat(failed.message()).isEqualTo("Open vSwitch has no bridge nowhere"));
    }

    @Test
    void an_apply_of_one_plugin_leaves_the_others_alone() throws Exception {
        host.runs(WEB, "3f2ab1c9d0e1");
        assertThat(apply(ENTRY, false).failed()).isEmpty();
        lines.clear();
        ApplyOptions onlyPodman = new ApplyOptions(false, true, true, Optional.of(Kind.PODMAN));
        ApplyReport report = applier()
                .apply(
                        state("\"podman\":{\"containers\":[{\"name\":\"db\"}]},\"vm\":{\"machines\":[{\"id\":\"7\"}]}"),
                        onlyPodman,
                        progress)
                .blockingGet();
        assertThat(report.changed()).containsExactly(Kind.PODMAN.id("db"));
        assertThat(host.wanted).containsOnlyKeys(WEB, Kind.PODMAN.id("db"));
        assertThat(LastApplied.load(folder.resolve("applied.json")).containers())
                .containsOnlyKeys(WEB, Kind.PODMAN.id("db"));
    }

    @Test
    void a_container_of_an_engine_is_not_started_by_this_program() {
        Applier applier = applier();
        for (Single<ApplyReport> work :
                List.of(applier.start(WEB, progress), applier.stop(WEB, progress), applier.destroy(WEB, progress))) {
            assertThat(work.map(report -> "")
                            .onErrorReturn(failure ->
                                    ((StateException) failure).reason().name())
                            .blockingGet())
                    .isEqualTo("NOT_OURS");
        }
    }

    private Applier applier() {
        return new Applier(
                bus,
                new LxcDriver(runner, folder),
                "lxc",
                host,
                MeshWork.NONE,
                new StateDefaults(id -> new LinkName("vi" + id.value()), "vmbr0"),
                folder.resolve("applied.json"));
    }

    private ApplyReport apply(String plugins, boolean prune) throws Exception {
        return applier()
                .apply(state(plugins), new ApplyOptions(false, prune, true, Optional.empty()), progress)
                .blockingGet();
    }

    private static DesiredState state(String plugins) throws Exception {
        return StateLoader.parse(Path.of("-"), "{\"version\":1,\"plugins\":{" + plugins + "}}");
    }

    /** A host that attaches at once what runs and what an entry names. */
    private static final class Host implements EnrollmentWork {
        private final Map<ContainerId, LiveContainer> live = new TreeMap<>();
        private final Map<ContainerId, DesiredContainer> wanted = new TreeMap<>();
        private final BehaviorProcessor<Boolean> changes = BehaviorProcessor.createDefault(true);
        private String refusal = "";

        void runs(ContainerId name, String own) {
            live.put(name, detached(name, name.kind().id(own)));
        }

        private static LiveContainer detached(ContainerId name, ContainerId id) {
            return new LiveContainer(name, id, Phase.LEFT_ALONE, true, "", Optional.empty(), "", Optional.empty());
        }

        @Override
        public Completable want(DesiredContainer entry, Optional<DesiredContainer> before) {
            return Completable.fromAction(() -> {
                wanted.put(entry.id(), entry);
                live.computeIfPresent(entry.id(), (name, there) -> attached(there, entry));
                changes.onNext(true);
            });
        }

        private LiveContainer attached(LiveContainer there, DesiredContainer entry) {
            return new LiveContainer(
                    there.id(),
                    there.subject(),
                    refusal.isEmpty() ? Phase.ENROLLED : Phase.REFUSED,
                    true,
                    refusal,
                    Optional.of("vi" + there.subject().own()),
                    refusal.isEmpty() ? entry.bridge().orElse("vmbr0") : "",
                    entry.properties().vlan());
        }

        @Override
        public Completable forget(ContainerId name) {
            return Completable.fromAction(() -> {
                wanted.remove(name);
                live.computeIfPresent(name, (id, there) -> detached(id, there.subject()));
                changes.onNext(true);
            });
        }

        @Override
        public Single<List<LiveContainer>> live() {
            return Single.fromCallable(() -> new ArrayList<>(live.values()));
        }

        @Override
        public Flowable<LiveContainer> watch(ContainerId name) {
            return changes.filter(change -> live.containsKey(name)).map(change -> live.get(name));
        }

        @Override
        public Single<Optional<Set<String>>> bridges() {
            return Single.just(Optional.of(Set.of("vmbr0", "vmbr1")));
        }
    }
}
