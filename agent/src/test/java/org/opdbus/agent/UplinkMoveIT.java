// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.agent.TestHost.sh;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.verticles.testing.Links;
import org.opdbus.verticles.testing.PrivateOvs;
import org.opdbus.verticles.testing.SshLab;

/** The uplink of a host to which real ssh sessions lead is moved by the program as a user calls it. */
class UplinkMoveIT {
    private final PrivateOvs ovs = new PrivateOvs();

    @TempDir
    Path folder;

    private SshLab lab;
    private AgentProcess agent;

    @BeforeEach
    void begin() throws Exception {
        ovs.start();
        // Makes the datapath of the host one that a bridge without another can have.
        ovs.addBridge("br9");
        lab = new SshLab(folder);
        // A move is refused while the kernel still checks whether another host has an address (RFC 4862 section 5.4).
        eventually(() -> assertThat(Links.ip("-6", "address", "show", "dev", "h0"))
                .contains("scope link")
                .doesNotContain("tentative"));
        agent = new AgentProcess(
                Files.createDirectory(folder.resolve("agent")),
                Map.of("ovsdb", Map.of("socket", ovs.socket().toString())));
        if (BuiltProgram.home().isPresent()) {
            Files.createDirectory(readable());
            sh(
                    "mount",
                    "--bind",
                    BuiltProgram.home().get().toString(),
                    readable().toString());
            // What removes this test's folder must not remove the program, even if the mount stays.
            sh("mount", "-o", "remount,bind,ro", readable().toString());
        }
    }

    /** Every user can read the program here. Where it was built, perhaps only root can. */
    private Path readable() {
        return folder.resolve("program");
    }

    @AfterEach
    void end() throws Exception {
        agent.close();
        if (BuiltProgram.home().isPresent()) {
            sh("umount", readable().toString());
        }
        lab.end();
        ovs.close();
        // A switch that is killed leaves the link of its bridge, with the addresses that a test has moved there.
        Links.delete("br9");
    }

    @Test
    void the_agent_confirms_for_a_new_session_of_root_alone() throws Exception {
        agent.start();
        SshLab.Session before = lab.session("root");
        lab.share("root");
        Process move =
                start("uplink", "move", "h0", "--bridge", "br9", "--yes", "--no-persist", "--probe", "icmp:192.0.2.9");
        awaitLine(move, "Do that by ");
        assertThat(move.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(move.exitValue()).isZero();

        assertThat(confirm(before)).contains("was opened before the move").endsWith(" status 2");
        assertThat(confirm(lab.sharedSession("root"))).contains("ssh -S none").endsWith(" status 2");
        assertThat(confirm(lab.session(SshLab.USER))).endsWith(" status 2");
        TestCommand.Result status = TestCommand.run(agent.config(), "uplink", "status");
        assertThat(status.out()).contains("onto the bridge br9: moved", "made by op-dbus run");
        assertThat(confirm(lab.session("root")))
                .contains("is confirmed: ssh connection from 192.0.2.9:")
                .endsWith(" status 0");
        assertThat(agent.ledger("uplink.confirmed", "h0")).hasSize(1);
    }

    @Test
    void without_an_agent_the_command_outlives_its_terminal_and_a_new_connection_confirms() throws Exception {
        SshLab.Session before = lab.session("root");
        Process move =
                start("uplink", "move", "h0", "--bridge", "br9", "--yes", "--no-persist", "--probe", "icmp:192.0.2.9");
        awaitLine(move, "No agent runs, so this command goes on");
        sh("kill", "-HUP", Long.toString(move.pid()));

        assertThat(sh("ip", "-4", "-o", "address", "show", "dev", "br9")).contains("192.0.2.1/24");
        assertThat(confirm(before)).contains("was opened before the move").endsWith(" status 2");
        assertThat(confirm(lab.session("root")))
                .contains("is confirmed: ssh connection from 192.0.2.9:")
                .endsWith(" status 0");

        assertThat(move.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(move.exitValue()).isZero();
        assertThat(before.answer("echo still")).isEqualTo("still");
        assertThat(agent.ledger("uplink.moved", "h0")).hasSize(1);
        assertThat(agent.ledger("uplink.confirmed", "h0")).hasSize(1);
        back();
    }

    @Test
    void an_agent_can_start_while_a_command_waits_and_records_the_end_of_its_move_once() throws Exception {
        Process move =
                start("uplink", "move", "h0", "--bridge", "br9", "--yes", "--no-persist", "--probe", "icmp:192.0.2.9");
        awaitLine(move, "No agent runs, so this command goes on");

        agent.start();

        assertThat(TestCommand.run(agent.config(), "uplink", "status").out()).contains("made by op-dbus uplink");
        assertThat(confirm(lab.session("root"))).endsWith(" status 0");
        assertThat(move.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(move.exitValue()).isZero();
        assertThat(agent.ledger("uplink.moved", "h0")).hasSize(1);
        eventually(() -> assertThat(agent.ledger("uplink.confirmed", "h0")).hasSize(1));
    }

    @Test
    void an_agent_takes_over_the_move_of_a_command_that_is_killed() throws Exception {
        Process move =
                start("uplink", "move", "h0", "--bridge", "br9", "--yes", "--no-persist", "--probe", "icmp:192.0.2.9");
        awaitLine(move, "No agent runs, so this command goes on");
        agent.start();

        move.destroyForcibly();

        eventually(() -> assertThat(
                        TestCommand.run(agent.config(), "uplink", "status").out())
                .contains("made by op-dbus run"));
        sh("ip", "netns", "exec", "client", "sh", "-c", "echo 1 >/proc/sys/net/ipv4/icmp_echo_ignore_all");
        eventually(() -> assertThat(agent.ledger("uplink.reverted", "h0")).hasSize(1));
        assertThat(sh("ip", "-4", "-o", "address", "show", "dev", "h0")).contains("192.0.2.1/24");
    }

    @Test
    void a_target_that_falls_silent_after_the_move_takes_the_uplink_back() throws Exception {
        agent.start();
        Process move =
                start("uplink", "move", "h0", "--bridge", "br9", "--yes", "--no-persist", "--probe", "icmp:192.0.2.9");
        awaitLine(move, "Do that by ");
        assertThat(sh("ip", "-4", "-o", "address", "show", "dev", "br9")).contains("192.0.2.1/24");

        sh("ip", "netns", "exec", "client", "sh", "-c", "echo 1 >/proc/sys/net/ipv4/icmp_echo_ignore_all");

        eventually(() -> assertThat(agent.ledger("uplink.reverted", "h0")).hasSize(1));
        assertThat(agent.ledger("uplink.reverted", "h0").toString())
                .contains("probe 192.0.2.9: no answer 3 times in a row after the move");
        assertThat(sh("ip", "-4", "-o", "address", "show", "dev", "h0")).contains("192.0.2.1/24");
    }

    private void back() throws Exception {
        Process back = start("uplink", "back", "h0", "--yes", "--no-persist");
        awaitLine(back, "No agent runs");
        assertThat(confirm(lab.session("root"))).endsWith(" status 0");
        assertThat(back.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(sh("ip", "-4", "-o", "address", "show", "dev", "h0")).contains("192.0.2.1/24");
    }

    /** Runs the command in a session; returns its output in one line, and its exit status. */
    private String confirm(SshLab.Session session) throws Exception {
        List<String> words = new ArrayList<>(List.of("env"));
        for (Map.Entry<String, String> variable : BuiltProgram.environment().entrySet()) {
            words.add(variable.getKey() + "='" + variable.getValue() + "'");
        }
        for (String word : BuiltProgram.words("--config", agent.config().toString(), "uplink", "confirm")) {
            words.add(BuiltProgram.home()
                    .map(home -> word.replace(home.toString(), readable().toString()))
                    .orElse(word));
        }
        return session.answer("echo $(" + String.join(" ", words) + " 2>&1; echo status $?)");
    }

    private Process start(String... arguments) throws Exception {
        List<String> words = new ArrayList<>(List.of("--config", agent.config().toString()));
        words.addAll(List.of(arguments));
        ProcessBuilder program =
                new ProcessBuilder(BuiltProgram.words(words.toArray(String[]::new))).redirectErrorStream(true);
        program.environment().putAll(BuiltProgram.environment());
        return program.start();
    }

    private static void awaitLine(Process process, String text) throws Exception {
        StringBuilder said = new StringBuilder();
        BufferedReader lines = process.inputReader();
        String line = lines.readLine();
        while (line != null && !line.contains(text)) {
            said.append(line).append('\n');
            line = lines.readLine();
        }
        assertThat(line).as(said.toString()).isNotNull();
    }
}
