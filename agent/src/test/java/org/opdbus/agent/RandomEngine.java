// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.agent.TestHost.linkExists;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.opdbus.verticles.testing.PrivateDocker;

/**
 * The containers of a real Docker in a random run. Two ask for a link by their labels, one asks for nothing. They outlive their
 * engine.
 */
final class RandomEngine implements AutoCloseable {
    private static final int ID_LENGTH = 12;

    /** The containers by name, with their VLANs; empty for one that asks for nothing. */
    private static final Map<String, String> VLANS = new TreeMap<>(Map.of("e1", "51", "e2", "52", "e3", ""));

    private static final List<String> NAMES = List.copyOf(VLANS.keySet());

    final PrivateDocker docker = new PrivateDocker().liveRestore(true);
    private final Random random;
    /** The ids of the containers that run, by name. */
    private final Map<String, String> running = new HashMap<>();

    RandomEngine(Random random) {
        this.random = random;
    }

    private String any() {
        return NAMES.get(random.nextInt(NAMES.size()));
    }

    /** Runs a container that does not run, or removes one that does. */
    void runOrRemove() {
        String name = any();
        if (running.remove(name) != null) {
            docker.remove(List.of(name));
        } else {
            run(name);
        }
    }

    private void run(String name) {
        String vlan = VLANS.getOrDefault(name, "");
        List<String> labels = vlan.isEmpty()
                ? List.of()
                : List.of("--label", "opdbus.bridge=" + TestHost.BRIDGE, "--label", "opdbus.vlan=" + vlan);
        running.put(name, docker.run(name, labels).substring(0, ID_LENGTH));
    }

    /** Restarts a container at once; the kernel may still have the link of its last run. */
    void restartContainer() {
        String name = any();
        if (running.containsKey(name)) {
            docker.run("restart", "-t", "0", name);
        } else {
            run(name);
        }
    }

    /** The engine is killed, a container of it dies meanwhile, and the engine comes back. */
    void whileKilled(Runnable meanwhile) {
        String name = any();
        long init = running.containsKey(name) ? docker.initPid(name) : 0;
        docker.kill();
        if (init != 0) {
            ProcessHandle.of(init).ifPresent(ProcessHandle::destroyForcibly);
        }
        meanwhile.run();
        docker.start();
        if (init != 0) {
            running.remove(name);
            docker.remove(List.of(name));
        }
    }

    /** Returns the ids of the containers that run and have a link, as the agent writes them. */
    Collection<String> attached() {
        return running.entrySet().stream()
                .filter(container -> !VLANS.getOrDefault(container.getKey(), "").isEmpty())
                .map(container -> "docker:" + container.getValue())
                .toList();
    }

    /**
     * Checks that each container stands as it should.
     *
     * @param shown what {@code op-dbus query --plugin docker} says
     * @param expected the names of the ports that are to be there, to which this adds its own
     */
    void check(JsonNode shown, Rows rows, Set<String> expected) {
        Map<String, JsonNode> told = new HashMap<>();
        shown.path("containers").forEach(one -> told.put(one.path("name").asText(), one));
        running.forEach((name, id) -> {
            JsonNode container = told.get(name);
            assertThat(container).as("container %s", name).isNotNull();
            String vlan = VLANS.getOrDefault(name, "");
            assertThat(container.path("id").asText()).isEqualTo("docker:" + id);
            assertThat(container.path("state").asText())
                    .as("%s", container)
                    .isEqualTo(vlan.isEmpty() ? "left-alone" : "enrolled");
            if (!vlan.isEmpty()) {
                checkPort("vi" + id, id, vlan, rows, expected);
            }
        });
        assertThat(told.keySet()).as("containers of Docker").isEqualTo(running.keySet());
    }

    private static void checkPort(String port, String id, String vlan, Rows rows, Set<String> expected) {
        expected.add(port);
        assertThat(rows.ofport(port)).as("ofport of %s", port).isPositive();
        assertThat(rows.tag(port)).as("tag of %s", port).isEqualTo(vlan);
        assertThat(linkExists(port)).as("link %s", port).isTrue();
        assertThat(rows.externalIds(port))
                .containsEntry("op-dbus:container", "docker:" + id)
                .containsEntry("op-dbus:link", TestHost.indexOf(port))
                .containsKey("op-dbus:entry");
    }

    @Override
    public void close() {
        docker.close();
    }
}
