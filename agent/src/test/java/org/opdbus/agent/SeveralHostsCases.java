// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/**
 * What is the same on both engines. Three hosts, each with a switch, containers and an agent, joined by a bridge and by a cluster. During every fault
 * of the bridge or an agent, each host enrols its containers. Afterwards each has received what is in the others'
 * ledgers, once; nothing of it was readable on the wire; the logs are short.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SeveralHostsCases {
    /** By one test, all levels but DEBUG. Some 25 lines were seen. */
    private static final long LOG_LINES_MAX = 100;

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final List<String> NAMES = List.of("alphahost", "betahost", "gammahost");

    @TempDir
    static Path folder;

    private ManyHosts many;
    private WireHost alpha;
    private WireHost beta;
    private WireHost gamma;
    private final List<String> containers = new ArrayList<>();

    private final Map<WireHost, Long> logged = new HashMap<>();

    /** Creates hosts of these names; nothing runs yet. */
    abstract ManyHosts create(Path into, List<String> names);

    /** Checks that the recorded bytes of each port are those of the engine. */
    abstract void checkPorts(Map<Integer, Long> bytes);

    @BeforeAll
    void form() {
        many = create(folder, NAMES);
        alpha = many.host(0);
        beta = many.host(1);
        gamma = many.host(2);
        many.startSwitches().form();
    }

    @AfterAll
    void end() {
        many.close();
    }

    @BeforeEach
    void countLines() {
        many.hosts.forEach(host -> logged.put(host, host.linesForAll()));
    }

    @AfterEach
    void all_events_arrive_the_wire_is_encrypted_and_the_logs_are_short() {
        many.wire.heal(gamma.name);
        many.awaitEverythingTold();
        many.awaitAll();
        for (WireHost host : many.hosts) {
            assertThat(host.linesForAll() - logged.getOrDefault(host, 0L))
                    .as("lines of %s\n%s", host, host.agent().logText())
                    .isLessThan(LOG_LINES_MAX);
        }
        List<String> secrets = new ArrayList<>(containers);
        secrets.addAll(many.tokens);
        secrets.addAll(List.of(many.names()));
        secrets.addAll(List.of("container.started", "enrolled", "entry.committed", "op-dbus"));
        Capture capture = many.wire.capture(secrets);
        assertThat(capture.found()).isEmpty();
        checkPorts(capture.bytes());
    }

    @Test
    void what_is_said_in_clear_is_to_be_read_on_the_wire() {
        gamma.sh("echo legible-4711 | nc -u -q 0 " + beta.address + " 4711");
        eventually(() ->
                assertThat(many.wire.capture(List.of("legible-4711")).found()).containsExactly("legible-4711"));
    }

    @Test
    void events_of_all_hosts_show_what_is_enrolled_on_any_host() {
        List<TestCommand> tails = new ArrayList<>();
        many.hosts.forEach(host -> tails.add(TestCommand.start(
                host.agent().config(),
                "events",
                "-f",
                "--since=1",
                "--all-hosts",
                "--json",
                "--filter=kind=container.enrolled")));
        List<String> enrolled = enrolEverywhere();
        for (TestCommand tail : tails) {
            eventually(() -> {
                List<String> shown = new ArrayList<>();
                for (String line : tail.out().lines().toList()) {
                    JsonNode event = JSON.readTree(line);
                    shown.add(event.path("host").asText() + " "
                            + event.path("subject").asText());
                }
                assertThat(shown).doesNotHaveDuplicates().containsAll(enrolled);
            });
            tail.kill();
        }
    }

    @Test
    void a_host_is_not_heard_and_then_cut_off_and_another_agent_is_killed_meanwhile() {
        many.wire.trouble(gamma.name, 1, 0, 0);
        enrolEverywhere();
        beta.kill();
        containers.add(alpha.enrol());
        containers.add(gamma.enrol());
        String started = beta.run();
        containers.add(started);
        beta.agent().start();
        beta.awaitEnrolled(started);
        alpha.awaitMembers(alpha.name, beta.name);
        many.wire.calm(gamma.name);
        many.wire.cut(gamma.name);
        enrolEverywhere();
        many.wire.mend(gamma.name);
    }

    @Test
    void a_third_of_all_that_a_host_says_and_hears_is_lost_and_the_rest_is_late() {
        many.wire.trouble(gamma.name, 0.3, 0.3, 200);
        for (int round = 0; round < 3; round++) {
            enrolEverywhere();
        }
        many.wire.calm(gamma.name);
    }

    /** After this the two records of one host cannot match any more. */
    @Test
    @Order(Integer.MAX_VALUE)
    void all_agents_are_started_anew_at_once_and_the_one_with_an_older_ledger_is_named_by_every_other() {
        gamma.copyLedger();
        containers.add(gamma.enrol());
        long height = gamma.agent().ledger().size();
        List<WireHost> others = List.of(alpha, beta);
        others.forEach(host -> host.awaitHeight(gamma, height));

        many.hosts.parallelStream().forEach(host -> host.agent().stop());
        gamma.restoreLedger();
        many.hosts.forEach(host -> host.agent().begin());
        many.hosts.forEach(host -> host.agent().awaitReady());
        String later = enrolEverywhere().get(2);

        for (WireHost host : others) {
            // Its events are shown, regardless of the state of its ledger.
            eventually(() -> assertThat(host.tail.lines())
                    .anyMatch(line -> line.kind().equals("container.enrolled")
                            && later.equals(line.host() + " " + line.subject())));
            eventually(() -> assertThat(host.agent().ledger("ledger.forked", gamma.name))
                    .as(host.agent().logText())
                    .hasSize(1));
        }
    }

    /** One container on each host; returns host and id of each. */
    private List<String> enrolEverywhere() {
        List<String> enrolled = new ArrayList<>();
        for (WireHost host : many.hosts) {
            String id = host.enrol();
            containers.add(id);
            enrolled.add(host.name + " " + id);
        }
        return enrolled;
    }
}
