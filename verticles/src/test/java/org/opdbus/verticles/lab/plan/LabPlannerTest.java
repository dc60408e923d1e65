// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.opdbus.verticles.lab.definition.LabDefinition;
import org.opdbus.verticles.lab.definition.LabEndpoint;
import org.opdbus.verticles.lab.definition.LabItem;
import org.opdbus.verticles.lab.definition.LabMachine;
import org.opdbus.verticles.lab.definition.LabNames;
import org.opdbus.verticles.lab.plan.LabPicture.LabLink;
import org.opdbus.verticles.lab.plan.LabPicture.LanBridge;
import org.opdbus.verticles.lab.plan.LabPicture.LanMirror;
import org.opdbus.verticles.lab.plan.LabPicture.LanPort;
import org.opdbus.verticles.lab.plan.LabPicture.MachineState;

/** From any picture, a few rounds of plan, act and look lead to what the definition says. */
class LabPlannerTest {
    private static final int ROUNDS_MAX = 5;

    /** A world that does what steps say, as the kernel and Open vSwitch do. */
    private static final class World {
        boolean runs = true;
        final Map<String, LabLink> links = new HashMap<>();
        final Map<String, LanBridge> lans = new HashMap<>();
        final Map<String, MachineState> machines = new HashMap<>();

        LabPicture picture() {
            return runs
                    ? new LabPicture(true, links, lans, machines)
                    : new LabPicture(false, Map.of(), Map.of(), Map.of());
        }

        void act(LabStep step) {
            if (step instanceof LabStep.EnsureSpace) {
                runs = true;
            } else if (step instanceof LabStep.StartMachine start) {
                machines.put(start.item().name(), MachineState.RUNNING);
                start.item().endpoints().forEach(endpoint -> {
                    String name = start.item().portOf(endpoint);
                    links.putIfAbsent(name, new LabLink(name, "veth", endpoint.mac(), false, false));
                });
            } else if (step instanceof LabStep.RaiseLink raise) {
                links.put(raise.link(), new LabLink(raise.link(), "veth", "", true, true));
            } else if (step instanceof LabStep.ChangeSwitch change) {
                change.changes().forEach(this::act);
            }
        }

        private void act(SwitchChange change) {
            if (change instanceof SwitchChange.AddBridge) {
                assertThat(lans).doesNotContainKey(change.bridge());
                lans.put(change.bridge(), new LanBridge(change.bridge(), Map.of(), Map.of()));
                port(change.bridge(), new LanPort(change.bridge(), 0, List.of(), 65534, ""));
                return;
            }
            assertThat(lans).containsKey(change.bridge());
            LanBridge bridge = bridge(change.bridge());
            if (change instanceof SwitchChange.RemoveBridge) {
                lans.remove(change.bridge());
            } else if (change instanceof SwitchChange.AddPort add) {
                assertThat(lans.values())
                        .allSatisfy(each -> assertThat(each.ports()).doesNotContainKey(add.port()));
                port(change.bridge(), new LanPort(add.port(), add.tag(), add.trunks(), 1, ""));
                spyLink(add.port());
            } else if (change instanceof SwitchChange.TagPort tag) {
                assertThat(bridge.ports()).containsKey(tag.port());
                port(change.bridge(), new LanPort(tag.port(), tag.tag(), tag.trunks(), 1, ""));
            } else if (change instanceof SwitchChange.RemovePort remove) {
                Map<String, LanPort> ports = new HashMap<>(bridge.ports());
                assertThat(ports.remove(remove.port())).isNotNull();
                if (remove.port().startsWith(LabNames.spy(""))) {
                    links.remove(remove.port());
                }
                lans.put(change.bridge(), new LanBridge(bridge.name(), ports, bridge.mirrors()));
            } else if (change instanceof SwitchChange.AddMirror add) {
                assertThat(bridge.ports()).containsKeys(add.selected(), add.output());
                mirror(change.bridge(), new LanMirror(add.mirror(), add.selected(), add.output()));
            } else if (change instanceof SwitchChange.RemoveMirror remove) {
                Map<String, LanMirror> mirrors = new HashMap<>(bridge.mirrors());
                assertThat(mirrors.remove(remove.mirror())).isNotNull();
                lans.put(change.bridge(), new LanBridge(bridge.name(), bridge.ports(), mirrors));
            }
        }

        /** Open vSwitch makes the link of a spy, and leaves it down. */
        void spyLink(String port) {
            if (port.startsWith(LabNames.spy(""))) {
                links.put(port, new LabLink(port, "tun", "", false, true));
            }
        }

        LanBridge bridge(String name) {
            return lans.getOrDefault(name, new LanBridge(name, Map.of(), Map.of()));
        }

        void port(String bridgeName, LanPort port) {
            LanBridge bridge = bridge(bridgeName);
            Map<String, LanPort> ports = new HashMap<>(bridge.ports());
            ports.put(port.name(), port);
            lans.put(bridgeName, new LanBridge(bridgeName, ports, bridge.mirrors()));
        }

        void mirror(String bridgeName, LanMirror mirror) {
            LanBridge bridge = bridge(bridgeName);
            Map<String, LanMirror> mirrors = new HashMap<>(bridge.mirrors());
            mirrors.put(mirror.name(), mirror);
            lans.put(bridgeName, new LanBridge(bridgeName, bridge.ports(), mirrors));
        }
    }

    private static LabDefinition randomDefinition(Random random) {
        TreeMap<String, LabItem> items = new TreeMap<>();
        for (int id = 1; id <= random.nextInt(8); id++) {
            List<LabEndpoint> endpoints = IntStream.range(0, 1 + random.nextInt(4))
                    .mapToObj(
                            number -> new LabEndpoint(number, random.nextBoolean(), "02:00:00:00:00:01", place(random)))
                    .toList();
            items.put("item" + id, new LabItem("item" + id, id, new LabMachine.Tap(), endpoints));
        }
        return new LabDefinition("nemo", items, 20);
    }

    private static Optional<LabEndpoint.Place> place(Random random) {
        return random.nextInt(4) == 0
                ? Optional.empty()
                : Optional.of(new LabEndpoint.Place(
                        "lan" + random.nextInt(3),
                        random.nextInt(3),
                        random.nextBoolean() ? List.of() : List.of(5, 6)));
    }

    private static World randomWorld(Random random) {
        World world = new World();
        world.runs = random.nextInt(8) != 0;
        for (int id = 1; id < 10; id++) {
            if (random.nextBoolean()) {
                world.machines.put("item" + id, MachineState.RUNNING);
            }
            for (int number = 0; number < 4; number++) {
                String name = LabNames.endpoint(id, number);
                if (random.nextBoolean()) {
                    world.links.put(name, new LabLink(name, "veth", "", random.nextBoolean(), random.nextBoolean()));
                }
                randomRows(world, name, random);
            }
        }
        return world;
    }

    /** A name is that of one port at most, because the database has an index over it; mirrors may be torn in any way. */
    private static void randomRows(World world, String name, Random random) {
        for (String port : List.of(name, LabNames.spy(name))) {
            if (random.nextInt(3) == 0) {
                String bridge = LabNames.bridge("lan" + random.nextInt(4));
                world.port(bridge, new LanPort(bridge, 0, List.of(), 65534, ""));
                world.port(bridge, new LanPort(port, random.nextInt(3), List.of(), random.nextInt(4) - 1, ""));
                world.spyLink(port);
            }
        }
        if (random.nextInt(3) == 0) {
            String bridge = LabNames.bridge("lan" + random.nextInt(4));
            world.port(bridge, new LanPort(bridge, 0, List.of(), 65534, ""));
            world.mirror(
                    bridge,
                    new LanMirror(
                            LabNames.mirror(name),
                            random.nextBoolean() ? name : "",
                            random.nextBoolean() ? LabNames.spy(name) : ""));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void every_picture_comes_to_every_definition_in_few_rounds(boolean finishChecksums) {
        for (int seed = 0; seed < 2_000; seed++) {
            Random random = new Random(seed);
            LabDefinition definition = randomDefinition(random);
            World world = randomWorld(random);
            int rounds = 0;
            List<LabStep> steps = LabPlanner.plan(definition, world.picture(), finishChecksums);
            while (!steps.isEmpty()) {
                assertThat(++rounds).as("seed " + seed + " " + steps).isLessThanOrEqualTo(ROUNDS_MAX);
                steps.forEach(world::act);
                steps = LabPlanner.plan(definition, world.picture(), finishChecksums);
            }
            exact(definition, world, seed);
        }
    }

    private static void exact(LabDefinition definition, World world, int seed) {
        Map<String, String> trouble = new TreeMap<>(LabTrouble.of(definition, world.picture()));
        trouble.values().removeIf(reason -> reason.contains("gave it no port number"));
        trouble.keySet().removeIf(name -> !definition.items().containsKey(name) && world.machines.containsKey(name));
        assertThat(trouble).as("seed " + seed).isEmpty();
        assertThat(world.lans.keySet())
                .as("seed " + seed)
                .containsExactlyInAnyOrderElementsOf(
                        definition.lans().stream().map(LabNames::bridge).toList());
        Map<String, String> wanted = new TreeMap<>();
        definition
                .items()
                .values()
                .forEach(item -> item.endpoints()
                        .forEach(endpoint -> endpoint.place().ifPresent(place -> {
                            String bridge = LabNames.bridge(place.lan());
                            wanted.put(bridge, bridge);
                            wanted.put(item.portOf(endpoint), bridge);
                            if (endpoint.spied()) {
                                wanted.put(LabNames.spy(item.portOf(endpoint)), bridge);
                                wanted.put(LabNames.mirror(item.portOf(endpoint)), bridge);
                            }
                        })));
        Map<String, String> present = new TreeMap<>();
        world.lans.values().forEach(bridge -> {
            bridge.ports().keySet().forEach(port -> present.put(port, bridge.name()));
            bridge.mirrors().keySet().forEach(mirror -> present.put(mirror, bridge.name()));
        });
        assertThat(present).as("seed " + seed).isEqualTo(wanted);
    }

    @Test
    void a_machine_with_other_settings_gets_its_own() {
        LabMachine wanted = new LabMachine.A2b(20, 0, 0);
        LabItem item = new LabItem("line", 1, wanted, List.of());
        LabDefinition definition = new LabDefinition("net", new TreeMap<>(Map.of("line", item)), 1);
        Map<String, MachineState> runs = Map.of("line", MachineState.RUNNING);
        LabPicture before = new LabPicture(true, Map.of(), Map.of(), runs, Map.of("line", new LabMachine.A2b(0, 0, 0)));
        LabPicture after = new LabPicture(true, Map.of(), Map.of(), runs, Map.of("line", wanted));

        assertThat(LabPlanner.plan(definition, before, true)).containsExactly(new LabStep.StartMachine(item));
        assertThat(LabTrouble.of(definition, before)).containsOnlyKeys("line");
        assertThat(LabPlanner.plan(definition, after, true)).isEmpty();
        assertThat(LabTrouble.of(definition, after)).isEmpty();
    }

    @Test
    void strange_rows_are_left_alone() {
        World world = new World();
        for (String bridge : List.of("br0", "_b_lan0", "_b_lan1")) {
            world.port(bridge, new LanPort(bridge, 0, List.of(), 65534, ""));
        }
        world.port("br0", new LanPort("_k_1_0", 0, List.of(), 1, ""));
        world.port("_b_lan0", new LanPort("vxlan7", 0, List.of(), 1, ""));
        world.port("_b_lan0", new LanPort("_k_2_0", 0, List.of(), 2, ""));
        List<LabStep> steps = LabPlanner.plan(LabDefinition.empty("nemo"), world.picture(), true);
        assertThat(steps)
                .containsExactly(new LabStep.ChangeSwitch(List.of(
                        new SwitchChange.RemovePort("_b_lan0", "_k_2_0"), new SwitchChange.RemoveBridge("_b_lan1"))));
    }

    @Test
    void a_machine_that_ended_by_itself_is_not_started_again_and_its_dead_port_goes() {
        World world = new World();
        LabEndpoint endpoint =
                new LabEndpoint(0, true, "02:00:00:00:00:01", Optional.of(new LabEndpoint.Place("lan0", 0, List.of())));
        LabDefinition definition = new LabDefinition(
                "nemo", new TreeMap<>(Map.of("a", new LabItem("a", 1, new LabMachine.Tap(), List.of(endpoint)))), 1);
        for (int round = 0; round < 3; round++) {
            LabPlanner.plan(definition, world.picture(), true).forEach(world::act);
        }
        assertThat(world.bridge("_b_lan0").ports()).containsKeys("_k_1_0", "s_k_1_0");
        world.machines.put("a", MachineState.ENDED);
        world.links.clear();
        LabPlanner.plan(definition, world.picture(), true).forEach(world::act);
        assertThat(LabPlanner.plan(definition, world.picture(), true)).isEmpty();
        assertThat(world.bridge("_b_lan0").ports()).containsOnlyKeys("_b_lan0");
        assertThat(LabTrouble.of(definition, world.picture()))
                .isEqualTo(Map.of("a", "it ended by itself; this starts it again: op-dbus lab nemo start"));
    }

    @Test
    void a_machine_that_no_item_stands_for_is_told() {
        World world = new World();
        world.machines.put("former", MachineState.RUNNING);
        assertThat(LabTrouble.of(LabDefinition.empty("nemo"), world.picture()))
                .isEqualTo(Map.of(
                        "former",
                        "it runs, and the definition does not have it; op-dbus lab nemo stop ends it with the lab"));
    }
}
