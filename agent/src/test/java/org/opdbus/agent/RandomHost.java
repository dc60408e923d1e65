// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.agent.TestHost.linkExists;
import static org.opdbus.agent.TestHost.sh;
import static org.opdbus.verticles.testing.Eventually.eventually;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.opdbus.ledger.Entry;
import org.opdbus.verticles.testing.LxcContainers.Definition;

/**
 * The containers and unmanaged objects of a random run, and the conditions that must hold whenever the host is quiet.
 */
final class RandomHost {
    private static final String LINUX_BRIDGE = "linuxbr0";

    /** Ports of other owners; the owner of the last one has forgotten it: no link of that name exists. */
    private static final List<String> STRANGERS = List.of("stranger0", "stranger2", "forgotten0");

    private static final List<String> STRANGE_LINKS =
            List.of("stranger0", "stranger1", LINUX_BRIDGE, "strbr0", "strbr1");

    /**
     * A container.
     *
     * @param port the port that it gets; empty if it must be refused
     * @param tag the VLAN of the port
     * @param byLxc whether LXC itself attaches it, for which both daemons of Open vSwitch must be up
     */
    record Guest(Definition definition, String port, String tag, boolean byLxc) {
        String id() {
            return definition.id();
        }
    }

    static final List<Guest> GUESTS = List.of(
            new Guest(Definition.of("100"), "vi100", "[]", false),
            new Guest(Definition.of("101").link(TestHost.BRIDGE).vlan(42), "vi101", "42", true),
            new Guest(Definition.of("102").another(1), "vi102", "[]", false),
            new Guest(Definition.of("103").link(TestHost.BRIDGE).pair("veth103i0"), "veth103i0", "[]", true),
            new Guest(Definition.of("104"), "vi104", "[]", false),
            new Guest(Definition.of("105").link(LINUX_BRIDGE), "", "", false));

    final RandomEngine engine;
    final TestHost scene;
    private final Set<String> running = new TreeSet<>();
    private final Set<String> plugged = new TreeSet<>();
    private final Set<Guest> atPeace = new HashSet<>();
    private final Set<String> pluggedAtPeace = new HashSet<>();
    /**
     * Guests whose link or port another program has changed since the last quiet check: only for these may drift be
     * reported.
     */
    private final Set<String> meddled = new HashSet<>();

    private final Map<String, Integer> drifts = new HashMap<>();
    private final Map<String, String> names = new HashMap<>();
    /** How many entries of the ledger come from earlier runs of the agent. */
    private int entriesBefore;

    private Map<String, Map<String, JsonNode>> strangers = Map.of();
    private Map<String, String> strangeLinks = Map.of();

    RandomHost(Random random) {
        engine = new RandomEngine(random);
        scene = new TestHost(Map.of(
                "enrollment",
                Map.of("bridge", TestHost.BRIDGE, "ignore", List.of("ignored-*")),
                "workloads",
                Map.of("docker", Map.of("socket", engine.docker.socket().toString()), "podman", Map.of("socket", ""))));
    }

    /** Starts everything that exists from the beginning. */
    void start() {
        engine.docker.start();
        scene.start();
        sh("ip", "link", "add", "stranger0", "type", "veth", "peer", "name", "stranger1");
        // With an address of its own; otherwise it would use the lowest of its ports', which
        // change.
        sh("ip", "link", "add", LINUX_BRIDGE, "address", "02:00:00:00:00:0b", "type", "bridge");
        sh("ip", "link", "add", "strbr0", "type", "veth", "peer", "name", "strbr1");
        sh("ip", "link", "set", "strbr0", "master", LINUX_BRIDGE);
        addStrangers();
        GUESTS.forEach(guest -> scene.lxc.create(guest.definition()));
        scene.run("ignored-1");
        strangeLinks = strangeLinks();
    }

    /** Adds the bridge and the unmanaged ports to a database that has none. */
    void refillDatabase() {
        scene.ovs.addBridge(TestHost.BRIDGE);
        addStrangers();
    }

    private void addStrangers() {
        scene.ovs.vsctl("add-port", TestHost.BRIDGE, "stranger0", "tag=9", "external_ids:whose=theirs");
        scene.ovs.vsctl(
                "add-port", TestHost.BRIDGE, "stranger2", "--", "set", "Interface", "stranger2", "type=internal");
        // Without waiting, because ovs-vsctl would otherwise complain about a port that cannot
        // work.
        scene.ovs.vsctl("--no-wait", "add-port", TestHost.BRIDGE, "forgotten0");
        strangers = strangers(Rows.of(scene.ovs));
    }

    boolean isRunning(Guest guest) {
        return running.contains(guest.id());
    }

    /** Returns how many links it has while it runs. */
    int links(Guest guest) {
        return guest.id().equals("102") || isPlugged(guest) ? 2 : 1;
    }

    boolean isPlugged(Guest guest) {
        return plugged.contains(guest.id());
    }

    /**
     * The kernel deletes a link some time after its container has ended. Until then LXC cannot make another one of
     * the same fixed name, with or without an agent.
     */
    void start(Guest guest) {
        if (guest.port().startsWith("veth")) {
            eventually(() -> assertThat(linkExists(guest.port())).isFalse());
        }
        scene.lxc.start(guest.id());
        running.add(guest.id());
    }

    void stop(Guest guest) {
        scene.lxc.stop(guest.id());
        ended(guest);
    }

    void kill(Guest guest) {
        sh("kill", "-KILL", String.valueOf(scene.lxc.initPid(guest.id())));
        eventually(() -> assertThat(scene.lxc.state(guest.id())).isEqualTo("STOPPED"));
        ended(guest);
    }

    private void ended(Guest guest) {
        atPeace.remove(guest);
        running.remove(guest.id());
        plugged.remove(guest.id());
    }

    /** Adds one more link to a running container. */
    void plug(Guest guest) {
        String name = "hot" + guest.id();
        sh("ip", "link", "add", name, "type", "veth", "peer", "name", name + "in");
        sh("ip", "link", "set", name + "in", "netns", String.valueOf(scene.lxc.initPid(guest.id())));
        plugged.add(guest.id());
    }

    /** Returns whether it has one more link, which has its final name by now. */
    boolean mayUnplug(Guest guest) {
        return isAtPeace(guest) && pluggedAtPeace.contains(guest.id()) && isPlugged(guest);
    }

    void unplug(Guest guest) {
        sh("ip", "link", "del", "vi" + guest.id() + "i1");
        plugged.remove(guest.id());
    }

    /** Waits until everything is as expected. */
    void awaitPeace() {
        eventually(() -> {
            GUESTS.stream().filter(this::isLeftToItsMaker).forEach(this::makePortAgain);
            check();
        });
        atPeace.clear();
        pluggedAtPeace.clear();
        pluggedAtPeace.addAll(plugged);
        GUESTS.stream()
                .filter(guest -> isRunning(guest) && !guest.port().isEmpty())
                .forEach(atPeace::add);
        assertThat(scene.agent.verification().intact()).isTrue();
        List<Entry> entries = scene.agent.ledger();
        checkDrifts(entries);
        noteNames(entries);
    }

    /** The agent does not put back a port of a link that another program names, if that program made the port. */
    private boolean isLeftToItsMaker(Guest guest) {
        return isRunning(guest)
                && guest.port().startsWith("veth")
                && scene.agent
                        .container(guest.id())
                        .path("reason")
                        .asText()
                        .contains("made and removed by another program");
    }

    /** The program that made the port makes it again, and the agent is to enrol it. */
    private void makePortAgain(Guest guest) {
        meddle(guest);
        scene.ovs.vsctl("--may-exist", "add-port", TestHost.BRIDGE, guest.port());
    }

    /** Returns the name of a guest's link before the agent named it; empty if the agent cannot know it any more. */
    String earlierName(Guest guest) {
        return names.getOrDefault(guest.id() + " " + guest.port(), "");
    }

    /** A new run of the agent knows no earlier names. */
    void agentBegan() {
        entriesBefore = scene.agent.ledger().size();
        names.clear();
    }

    private void noteNames(List<Entry> entries) {
        names.clear();
        for (Entry entry : entries.subList(Math.min(entriesBefore, entries.size()), entries.size())) {
            if (entry.kind().equals("link.renamed")) {
                names.put(
                        entry.subject() + " " + entry.data().get("to"),
                        String.valueOf(entry.data().get("from")));
            }
        }
    }

    /** Another program changes what the agent has set for this guest. */
    void meddle(Guest guest) {
        meddled.add(guest.id());
    }

    /** Another program changes what the agent has set for every container. */
    void meddleWithAll() {
        GUESTS.forEach(this::meddle);
        meddled.addAll(engine.attached());
    }

    boolean isMeddled(Guest guest) {
        return meddled.contains(guest.id());
    }

    /** Checks that no drift is reported without a change by another program. */
    private void checkDrifts(List<Entry> entries) {
        Map<String, Integer> told = new HashMap<>();
        for (Entry entry : entries) {
            if (entry.kind().equals("drift.seen")) {
                told.merge(entry.subject(), 1, Integer::sum);
            }
        }
        told.forEach((id, count) -> {
            if (!meddled.contains(id)) {
                assertThat(count).as("drifts told of %s", id).isEqualTo(drifts.getOrDefault(id, 0));
            }
        });
        drifts.putAll(told);
        meddled.clear();
    }

    /**
     * Returns whether nothing has happened to this guest since it was seen enrolled: a change by another program now
     * is drift.
     */
    boolean isAtPeace(Guest guest) {
        return atPeace.contains(guest);
    }

    private void check() {
        Rows rows = Rows.of(scene.ovs);
        Map<String, JsonNode> told = new LinkedHashMap<>();
        scene.agent
                .ask("query", "lxc")
                .path("containers")
                .forEach(container -> told.put(container.path("id").asText(), container));
        Set<String> expected = new TreeSet<>(STRANGERS);
        for (Guest guest : GUESTS) {
            JsonNode container = told.get(guest.id());
            assertThat(container).as("container %s", guest.id()).isNotNull();
            if (isRunning(guest)) {
                check(guest, container, rows, expected);
            } else {
                assertThat(container.path("running").asBoolean())
                        .as("%s runs", guest.id())
                        .isFalse();
            }
        }
        engine.check(scene.agent.ask("query", "docker"), rows, expected);
        expected.add(TestHost.BRIDGE);
        assertThat(rows.ports().keySet()).isEqualTo(expected);
        checkStrangers(rows, told);
    }

    private void check(Guest guest, JsonNode container, Rows rows, Set<String> expected) {
        String state = container.path("state").asText();
        if (guest.port().isEmpty()) {
            assertThat(state).as("%s", container).isEqualTo("refused");
            assertThat(container.path("reason").asText()).contains("belongs to bridge " + LINUX_BRIDGE);
            return;
        }
        assertThat(state).as("%s", container).isEqualTo("enrolled");
        checkPort(guest, guest.port(), guest.tag(), rows, expected);
        if (links(guest) > 1) {
            checkPort(guest, "vi" + guest.id() + "i1", "[]", rows, expected);
        }
    }

    private static void checkPort(Guest guest, String port, String tag, Rows rows, Set<String> expected) {
        expected.add(port);
        assertThat(rows.ofport(port)).as("ofport of %s", port).isPositive();
        assertThat(rows.tag(port)).as("tag of %s", port).isEqualTo(tag);
        assertThat(linkExists(port)).as("link %s", port).isTrue();
        assertThat(rows.externalIds(port))
                .containsEntry("op-dbus:container", guest.id())
                .containsEntry("op-dbus:owner", "test")
                .containsEntry("op-dbus:link", TestHost.indexOf(port))
                // On disk in the ledger: from now on the agent may be killed and still knows its
                // last state.
                .containsKey("op-dbus:entry");
    }

    private void checkStrangers(Rows rows, Map<String, JsonNode> told) {
        assertThat(strangers(rows)).isEqualTo(strangers);
        assertThat(strangeLinks()).isEqualTo(strangeLinks);
        JsonNode ignored = told.getOrDefault("ignored-1", MissingNode.getInstance());
        assertThat(ignored.path("state").asText()).isEqualTo("left-alone");
        assertThat(ignored.path("veth").asText()).startsWith("veth");
    }

    private static Map<String, Map<String, JsonNode>> strangers(Rows rows) {
        Map<String, Map<String, JsonNode>> whole = new TreeMap<>();
        STRANGERS.forEach(name -> whole.put(name, rows.configuredOf(name)));
        return whole;
    }

    /**
     * Returns everything that could be changed about a link: its index, addresses, size, master, alias and
     * alternative names.
     */
    private static Map<String, String> strangeLinks() {
        Map<String, String> whole = new TreeMap<>();
        for (String name : STRANGE_LINKS) {
            Path link = Path.of("/sys/class/net", name);
            StringBuilder all = new StringBuilder();
            for (String file : List.of("ifindex", "address", "mtu", "tx_queue_len", "ifalias", "iflink")) {
                all.append(file).append('=').append(read(link.resolve(file))).append(' ');
            }
            String shown = sh("ip", "-o", "link", "show", name);
            all.append("altnames=").append(shown.contains("altname"));
            all.append(" master=").append(shown.contains(" master "));
            all.append(" up=").append(shown.contains("UP"));
            whole.put(name, all.toString());
        }
        return whole;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
