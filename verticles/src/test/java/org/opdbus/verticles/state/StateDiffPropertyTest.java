// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.state;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.opdbus.config.state.ContainerProperties;
import org.opdbus.config.state.DesiredContainer;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.state.ContainerChange.Change;
import org.opdbus.verticles.state.ContainerChange.Create;
import org.opdbus.verticles.state.ContainerChange.Delete;
import org.opdbus.verticles.state.ContainerChange.Modify;

/** Random hosts and state files from a printed seed; {@code -Dseed=…} replays one. */
final class StateDiffPropertyTest {
    private static final int ROUNDS = 2_000;

    private final long seed = Long.getLong("seed", System.nanoTime());
    private final Random random = new Random(seed);

    @Test
    void a_state_does_not_differ_from_itself() {
        for (int round = 0; round < ROUNDS; round++) {
            List<ContainerState> state = containers(true);
            StateDiff diff = StateDiff.between(state, state, LastApplied.none(), random.nextBoolean());
            assertThat(diff.actions()).as("seed %d", seed).isEmpty();
            assertThat(DiffJson.render(diff, Instant.EPOCH)).as("seed %d", seed).isEmpty();
        }
    }

    @Test
    void once_the_changes_are_made_nothing_differs() {
        for (int round = 0; round < ROUNDS; round++) {
            List<ContainerState> desired = containers(true);
            List<ContainerState> observed = containers(false);
            LastApplied last = lastApplied();
            boolean prune = random.nextBoolean();
            StateDiff diff = StateDiff.between(desired, observed, last, prune);
            List<ContainerState> made = make(observed, diff, desired);

            assertThat(StateDiff.between(desired, made, applied(desired), prune).actions())
                    .as("seed %d, of %s and %s", seed, desired, observed)
                    .isEmpty();
            assertThat(made)
                    .as("seed %d: what nobody wanted is untouched", seed)
                    .containsAll(observed.stream()
                            .filter(there ->
                                    desired.stream().noneMatch(one -> one.id().equals(there.id())))
                            .filter(there -> !prune || !last.containers().containsKey(there.id()))
                            .toList());
        }
    }

    @Test
    void the_order_does_not_matter() {
        for (int round = 0; round < ROUNDS; round++) {
            List<ContainerState> desired = containers(true);
            List<ContainerState> observed = containers(false);
            LastApplied last = lastApplied();
            StateDiff diff = StateDiff.between(desired, observed, last, true);
            Collections.shuffle(desired, random);
            Collections.shuffle(observed, random);
            StateDiff shuffled = StateDiff.between(desired, observed, last, true);
            assertThat(shuffled).as("seed %d", seed).isEqualTo(diff);
            assertThat(DiffJson.render(shuffled, Instant.EPOCH).encode())
                    .as("seed %d", seed)
                    .isEqualTo(DiffJson.render(diff, Instant.EPOCH).encode());
        }
    }

    /** Does what the changes say, on a model. */
    private static List<ContainerState> make(
            List<ContainerState> observed, StateDiff diff, List<ContainerState> desired) {
        Map<ContainerId, ContainerState> host = new TreeMap<>();
        observed.forEach(container -> host.put(container.id(), container));
        for (ContainerChange change : diff.actions()) {
            if (change instanceof Create create) {
                host.put(create.id(), create.desired());
            } else if (change instanceof Delete delete) {
                host.remove(delete.id());
            } else if (change instanceof Modify modify) {
                host.computeIfPresent(modify.id(), (id, before) -> modified(before, modify));
            }
        }
        // A container that has come to run is enrolled as it is wanted; only then its link can be seen.
        desired.forEach(wanted -> host.computeIfPresent(wanted.id(), (id, there) -> enrolled(there, wanted)));
        return new ArrayList<>(host.values());
    }

    private static ContainerState modified(ContainerState before, Modify modify) {
        Map<String, Object> properties = new LinkedHashMap<>(before.properties());
        for (Change change : modify.changes()) {
            if (change.key().startsWith("properties.")) {
                String key = change.key().substring("properties.".length());
                change.after().ifPresentOrElse(value -> properties.put(key, value), () -> properties.remove(key));
            }
        }
        return new ContainerState(
                before.id(),
                modify.change("veth")
                        .flatMap(Change::after)
                        .map(Object::toString)
                        .or(before::veth),
                modify.change("bridge")
                        .flatMap(Change::after)
                        .map(Object::toString)
                        .or(before::bridge),
                modify.change("running")
                        .flatMap(Change::after)
                        .map(Boolean.class::cast)
                        .orElse(before.running()),
                properties);
    }

    private static ContainerState enrolled(ContainerState there, ContainerState wanted) {
        if (!there.running()) {
            return there;
        }
        Map<String, Object> properties = new LinkedHashMap<>(there.properties());
        for (String key : List.of("network_type", "vlan")) {
            if (wanted.properties().containsKey(key)) {
                properties.putIfAbsent(key, wanted.properties().get(key));
            }
        }
        return new ContainerState(
                there.id(), there.veth().or(wanted::veth), there.bridge().or(wanted::bridge), true, properties);
    }

    private List<ContainerState> containers(boolean wanted) {
        List<ContainerState> containers = new ArrayList<>();
        for (int id = 100; id < 106; id++) {
            if (random.nextBoolean()) {
                boolean running = random.nextBoolean();
                boolean linked = wanted || running;
                containers.add(new ContainerState(
                        new ContainerId(Integer.toString(id)),
                        linked ? Optional.of("v" + random.nextInt(3) + id) : Optional.empty(),
                        linked ? Optional.of(random.nextBoolean() ? "" : "vmbr" + random.nextInt(2)) : Optional.empty(),
                        running,
                        properties()));
            }
        }
        return containers;
    }

    private Map<String, Object> properties() {
        Map<String, Object> properties = new LinkedHashMap<>();
        maybe(() -> properties.put("memory", 64L * (1 + random.nextInt(2))));
        maybe(() -> properties.put("vlan", 1L + random.nextInt(2)));
        maybe(() -> properties.put("network_type", random.nextBoolean() ? "bridge" : "netmaker"));
        maybe(() -> properties.put("features", random.nextBoolean() ? "nesting=1,fuse=1" : "fuse=1,nesting=1"));
        maybe(() -> properties.put("nameserver", random.nextBoolean() ? "10.0.0.1,10.0.0.2" : "10.0.0.1 10.0.0.2"));
        maybe(() -> properties.put("netmaker_token_env", random.nextBoolean() ? "A" : "B"));
        maybe(() -> properties.put("onboot", random.nextBoolean()));
        return properties;
    }

    private void maybe(Runnable action) {
        if (random.nextBoolean()) {
            action.run();
        }
    }

    private LastApplied lastApplied() {
        return applied(containers(true));
    }

    private static LastApplied applied(List<ContainerState> containers) {
        LastApplied last = LastApplied.none();
        for (ContainerState container : containers) {
            last = last.with(new DesiredContainer(
                    container.id(),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.of(container.running()),
                    ContainerProperties.of(container.properties())));
        }
        return last;
    }
}
