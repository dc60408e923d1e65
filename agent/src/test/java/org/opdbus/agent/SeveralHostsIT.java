// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Three hosts, each with a switch, containers and an agent, joined by a bridge and by a cluster. */
final class SeveralHostsIT {
    private static final int LOG_LINES_MAX = 200;

    @TempDir
    static Path folder;

    private static ManyHosts many;
    private static WireHost alpha;
    private static WireHost beta;
    private static WireHost gamma;
    private static final List<String> CONTAINERS = new ArrayList<>();

    private final Map<WireHost, Long> logged = new HashMap<>();

    @BeforeAll
    static void form() {
        say("begin");
        many = new ManyHosts(folder, List.of("alpha", "beta", "gamma"));
        alpha = many.host(0);
        beta = many.host(1);
        gamma = many.host(2);
        say("made");
        many.form();
        say("formed");
    }

    @AfterAll
    static void end() {
        say("ending");
        many.close();
        say("ended");
    }

    static void say(String s) {
        System.out.println(java.time.Instant.now() + " " + s);
    }

    @BeforeEach
    void countLogs() {
        many.hosts.forEach(host -> logged.put(host, host.linesForAll()));
    }

    @AfterEach
    void nothing_was_to_be_read_on_the_wire_and_the_logs_are_to_be_read() {
        for (WireHost host : many.hosts) {
            System.out.println(host.name + " lines " + (host.linesForAll() - logged.get(host)));
            assertThat(host.linesForAll() - logged.get(host)).as(host.agent().logText()).isLessThan(LOG_LINES_MAX);
        }
    }

    @Test
    void what_is_enrolled_on_a_host_is_told_at_every_other() {
        enrolEverywhere();
        many.awaitEverythingTold();
    }

    @Test
    void a_host_that_is_cut_off_enrols_on_as_do_the_others_and_all_hear_of_it_afterwards() {
        many.wire.cut("gamma");
        enrolEverywhere();
        say("cut enrolled");
        alpha.awaitMembers("alpha", "beta");
        gamma.awaitMembers("gamma");
        say("cut noticed");
        enrolEverywhere();
        many.wire.mend("gamma");
        say("mended");
        many.awaitEverythingTold();
        say("told");
        many.awaitAll();
        say("all");
    }

    @Test
    void what_is_lost_and_late_on_the_wire_delays_no_enrolment_and_is_made_up_for() {
        many.wire.trouble("gamma", 0.3, 0.3, 200);
        for (int i = 0; i < 3; i++) {
            enrolEverywhere();
        }
        say("enrolled");
        many.wire.calm("gamma");
        many.awaitEverythingTold();
        say("told");
        many.awaitAll();
        say("all");
    }

    @Test
    void a_host_that_hears_and_is_not_heard_enrols_on_and_is_heard_afterwards() {
        many.wire.trouble("gamma", 1, 0, 0);
        enrolEverywhere();
        say("enrolled");
        alpha.awaitMembers("alpha", "beta");
        say("noticed");
        enrolEverywhere();
        many.wire.calm("gamma");
        many.awaitEverythingTold();
        say("told");
        many.awaitAll();
        say("all");
    }

    @Test
    void a_killed_agent_is_made_up_for_when_it_is_back() {
        beta.agent().kill();
        CONTAINERS.add(alpha.enrol());
        CONTAINERS.add(gamma.enrol());
        String unheard = beta.run();
        say("enrolled");
        beta.agent().start();
        beta.awaitEnrolled(unheard);
        say("started");
        many.awaitEverythingTold();
        say("told");
        many.awaitAll();
        say("all");
    }

    @Test
    void all_agents_are_started_anew_at_once_and_go_on() {
        many.hosts.parallelStream().forEach(host -> host.agent().stop());
        say("stopped");
        many.hosts.forEach(host -> host.agent().begin());
        many.hosts.forEach(host -> host.agent().awaitReady());
        say("ready");
        enrolEverywhere();
        say("enrolled");
        many.awaitEverythingTold();
        say("told");
        many.awaitAll();
        say("all");
    }

    private static void enrolEverywhere() {
        many.hosts.forEach(host -> CONTAINERS.add(host.enrol()));
    }
}
