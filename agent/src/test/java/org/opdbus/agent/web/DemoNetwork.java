// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.web;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.opdbus.events.ContainerId.Kind;
import org.opdbus.events.Port;
import org.opdbus.events.Workload;
import org.opdbus.verticles.inventory.ContainerPhase;
import org.opdbus.verticles.inventory.MeshStanding;
import org.opdbus.verticles.inventory.SyntheticHost;
import org.opdbus.verticles.inventory.SyntheticHost.Shape;

/** Networks that do not exist: one as a person could have it, for pictures, and large ones. Names and times are always the same. */
final class DemoNetwork {
    /** The time at which pictures are taken. */
    static final Instant NOW = Instant.parse("2025-06-02T14:30:00Z");

    private static final Instant STARTED = NOW.minus(Duration.ofHours(30));

    private DemoNetwork() {}

    /** Returns the host alder with two peers. */
    static SyntheticHost small() {
        SyntheticHost host =
                new SyntheticHost("alder", STARTED).bridge("vmbr0", "system").bridge("vmbr1", "system");
        host.put(alder());
        host.port(foreign("eno1", "vmbr0", Set.of(10, 20, 30), 40));
        host.port(foreign("tap9000i0", "vmbr1", Set.of(), 41));
        host.peer("birch", true, NOW.minusSeconds(2), 1_204, birch());
        host.peer("cedar", false, NOW.minus(Duration.ofMinutes(11)), 388, cedar());
        return host;
    }

    /** Returns the containers of alder. */
    static List<Shape> alder() {
        int number = 0;
        List<Shape> shapes = new ArrayList<>();
        for (String web : List.of("web-1", "web-2", "web-3")) {
            shapes.add(Shape.lxc(web, number++, "vmbr0", 10, ago(29, 4)).in(joined(web, number)));
        }
        shapes.add(Shape.lxc("db-1", number++, "vmbr0", 20, ago(29, 3)));
        shapes.add(Shape.lxc("mail", number++, "vmbr0", 30, ago(12, 40)));
        shapes.add(docker("3f2ab1c9d0e1", "shop-api", number++, 10));
        shapes.add(docker("77aa10bb42cd", "shop-worker", number++, 10));
        shapes.add(Shape.lxc("100", number++, "vmbr1", 0, ago(29, 5)));
        shapes.add(Shape.lxc("101", number++, "vmbr1", 0, ago(29, 5)));
        shapes.add(Shape.lxc("105", number++, "vmbr1", 0, ago(3, 12))
                .as(new Workload.VirtualMachine(Kind.VM.id("105"), "105", List.of())));
        shapes.add(Shape.lxc("proxy", number++, "vmbr0", 10, ago(0, 7))
                .in(ContainerPhase.DRIFTED, "port viproxy was retagged by another hand", ""));
        shapes.add(
                Shape.lxc("cache", number++, "vmbr0", 20, ago(0, 12))
                        .in(
                                ContainerPhase.REFUSED,
                                "the name vicache for link veth3kTq9z is held by link vicache (31)",
                                "rename or remove the link or port that holds it; the link is named as soon as the name is free"));
        shapes.add(Shape.lxc("build", number++, "vmbr0", 30, ago(0, 0))
                .in(ContainerPhase.WAITING, "its port is not live yet", ""));
        shapes.add(Shape.lxc("old-wiki", number, "vmbr0", 0, ago(26, 0)).in(ContainerPhase.STOPPED, "", ""));
        return shapes;
    }

    private static List<Shape> birch() {
        List<Shape> shapes = new ArrayList<>();
        int number = 0;
        for (String name : List.of("web-4", "web-5", "db-2", "queue-1", "queue-2")) {
            Shape shape = Shape.lxc(name, number++, "vmbr0", name.startsWith("db") ? 20 : 10, ago(20, number));
            shapes.add(name.startsWith("web") ? shape.in(joined(name, 20 + number)) : shape);
        }
        return shapes;
    }

    private static List<Shape> cedar() {
        List<Shape> shapes = new ArrayList<>();
        int number = 0;
        for (String name : List.of("backup", "metrics", "dns")) {
            shapes.add(Shape.lxc(name, number++, "vmbr0", 30, ago(9, number)));
        }
        return shapes;
    }

    /** Returns a host and two peers, each with this many containers on four bridges. */
    static SyntheticHost large(int size) {
        SyntheticHost host = new SyntheticHost("alder", STARTED);
        for (int bridge = 0; bridge < 4; bridge++) {
            host.bridge("vmbr" + bridge, "system");
        }
        host.put(many(size));
        host.peer("birch", true, NOW, 1_204, many(size));
        host.peer("cedar", true, NOW, 388, many(size));
        return host;
    }

    /** Returns enrolled containers numbered from 0, of several families of names. */
    static List<Shape> many(int size) {
        List<Shape> shapes = new ArrayList<>();
        for (int number = 0; number < size; number++) {
            shapes.add(one(number));
        }
        return shapes;
    }

    /** Returns the container of this number in a large network. */
    static Shape one(int number) {
        String family = List.of("web", "db", "queue", "job", "cache").get(number % 5);
        return Shape.lxc(family + "-" + number, number, "vmbr" + number % 4, 10 * (number % 7), ago(20, 0));
    }

    private static Shape docker(String id, String name, int number, int vlan) {
        return Shape.lxc(name, number, "vmbr0", vlan, ago(5, number))
                .as(new Workload.EngineContainer(
                        Kind.DOCKER.id(id),
                        name,
                        "registry.example/" + name + ":2.4",
                        "none",
                        new Workload.Asked(
                                Optional.of("vmbr0"),
                                Optional.of(vlan),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                List.of())));
    }

    private static MeshStanding joined(String id, int number) {
        return new MeshStanding(Kind.LXC.id(id), "joined", true, "", "", "backbone", "10.101.0." + number + "/24");
    }

    private static Port foreign(String name, String bridge, Set<Integer> trunks, int ofport) {
        return new Port(
                "00000000-0000-4000-8000-0000000000" + ofport,
                name,
                bridge,
                Optional.empty(),
                trunks,
                Optional.empty(),
                Map.of(),
                "",
                ofport,
                Optional.empty());
    }

    private static Instant ago(int hours, int minutes) {
        return NOW.minus(Duration.ofHours(hours)).minus(Duration.ofMinutes(minutes));
    }
}
