// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.confirm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.verticles.testing.LxcContainers;
import org.opdbus.verticles.testing.LxcContainers.Definition;
import org.opdbus.verticles.testing.SshLab;
import org.opdbus.verticles.uplink.plan.UplinkRefusal;

/** A real sshd on this host, and a client in another network namespace. */
class ConnectionEvidenceIT {
    private static final String NOT_OVER_NETWORK = "was not started over a network connection";

    @TempDir
    Path folder;

    private SshLab lab;

    @BeforeEach
    void begin() throws Exception {
        lab = new SshLab(folder);
    }

    @AfterEach
    void end() throws Exception {
        lab.end();
    }

    @Test
    void an_ssh_session_that_was_opened_after_the_move_counts() throws Exception {
        Instant moved = moved();
        long shell = lab.session("root").shell();

        assertThat(ConnectionEvidence.of(shell, moved))
                .matches("ssh connection from 192\\.0\\.2\\.9:[0-9]+, opened [0-9]+ s after the move");
    }

    @Test
    void so_does_one_by_ipv6() throws Exception {
        Instant moved = moved();
        long shell = lab.sessionByIpv6("root").shell();

        assertThat(ConnectionEvidence.of(shell, moved)).startsWith("ssh connection from [2001:db8:0:0:0:0:0:9]:");
    }

    @Test
    void so_does_the_session_of_a_user_who_is_not_root() throws Exception {
        Instant moved = moved();
        long shell = lab.session(SshLab.USER).shell();

        assertThat(ConnectionEvidence.of(shell, moved)).startsWith("ssh connection from 192.0.2.9:");
    }

    @Test
    void a_session_that_was_open_before_the_move_does_not_count_nor_does_a_new_shell_in_it() throws Exception {
        SshLab.Session before = lab.session("root");
        SshLab.Session beforeOfUser = lab.session(SshLab.USER);
        Instant moved = moved();

        refused(before.shell(), moved, "192.0.2.9:", "was opened before the move");
        refused(before.newShell(), moved, "was opened before the move");
        refused(beforeOfUser.newShell(), moved, "was opened before the move");
    }

    @Test
    void what_su_and_sudo_start_counts_as_the_session_does() throws Exception {
        SshLab.Session before = lab.session("root");
        Instant moved = moved();
        SshLab.Session after = lab.session("root");

        for (String program : List.of("su root -s /bin/sh -c", "su " + SshLab.USER + " -c", "sudo -n sh -c")) {
            assertThat(ConnectionEvidence.of(after.newShellBy(program), moved))
                    .as(program)
                    .startsWith("ssh connection from 192.0.2.9:");
            refused(before.newShellBy(program), moved, "was opened before the move");
        }
    }

    @Test
    void what_a_session_runs_in_a_container_counts_as_the_session_does() throws Exception {
        SshLab.Session before = lab.session("root");
        Instant moved = moved();
        SshLab.Session after = lab.session("root");
        try (LxcContainers containers = new LxcContainers()) {
            containers.create(Definition.of("c1").withoutNetwork()).start("c1");
            String attach = "lxc-attach -P " + containers.lxcPath() + " -n c1 -- sleep 600 >/dev/null 2>&1 & echo $!";

            assertThat(ConnectionEvidence.of(started(Long.parseLong(after.answer(attach))), moved))
                    .startsWith("ssh connection from 192.0.2.9:");
            refused(started(Long.parseLong(before.answer(attach))), moved, "was opened before the move");
        }
    }

    @Test
    void a_connection_within_a_container_does_not_count() throws Exception {
        Instant moved = moved();
        try (LxcContainers containers = new LxcContainers()) {
            containers.create(Definition.of("c1").withoutNetwork()).start("c1");
            containers.attach("c1", "ip", "link", "set", "dev", "lo", "up");
            Process server = inContainer(containers, "nc", "-l", "-p", "9999");
            eventually(
                    () -> assertThat(containers.attach("c1", "netstat", "-ltn")).contains(":9999"));
            inContainer(containers, "nc", "127.0.0.1", "9999");
            eventually(
                    () -> assertThat(containers.attach("c1", "netstat", "-tn")).contains("ESTABLISHED"));

            refused(started(server.pid()), moved, NOT_OVER_NETWORK);
            refused(containers.initPid("c1"), moved, NOT_OVER_NETWORK);
        }
    }

    /**
     * Returns the time of a move after which the next session is opened. It is long enough ago for the clock of processes, which counts
     * in steps of 10 ms.
     */
    private static Instant moved() {
        Instant moved = Instant.now();
        eventually(() -> assertThat(Instant.now()).isAfter(moved.plusMillis(200)));
        return moved;
    }

    private static Process inContainer(LxcContainers containers, String... program) throws Exception {
        List<String> words =
                new ArrayList<>(List.of("lxc-attach", "-P", containers.lxcPath().toString(), "-n", "c1", "--"));
        words.addAll(List.of(program));
        return new ProcessBuilder(words).start();
    }

    /** Returns the number that the program has on this host which an lxc-attach runs in its container. */
    private static long started(long attach) {
        AtomicLong found = new AtomicLong();
        eventually(() -> found.set(ProcessHandle.of(attach).stream()
                .flatMap(ProcessHandle::descendants)
                .filter(one -> one.info().command().orElse("").endsWith("busybox"))
                .findFirst()
                .orElseThrow(() -> new AssertionError("lxc-attach has not started the program"))
                .pid()));
        return found.get();
    }

    @Test
    void a_new_session_over_a_shared_older_connection_does_not_count() throws Exception {
        lab.share("root");
        lab.share(SshLab.USER);
        Instant moved = moved();

        refused(lab.sharedSession("root").shell(), moved, "was opened before the move", "ssh -S none");
        refused(lab.sharedSession(SshLab.USER).shell(), moved, "was opened before the move", "ssh -S none");
    }

    @Test
    void what_has_left_its_session_as_tmux_does_has_no_connection() throws Exception {
        Instant moved = moved();
        SshLab.Session session = lab.session("root");
        long detached = session.detachedShell();
        long inTmux = session.shellInTmux();

        eventually(() -> refused(detached, moved, NOT_OVER_NETWORK, "outside of screen and tmux"));
        refused(inTmux, moved, NOT_OVER_NETWORK, "its first process is tmux");
    }

    @Test
    void a_session_from_this_host_itself_does_not_count() throws Exception {
        Instant moved = moved();

        refused(lab.sessionFromHere("192.0.2.1").shell(), moved, "comes from this host itself");
        refused(lab.sessionFromHere("127.0.0.1").shell(), moved, "comes from this host itself");
    }

    @Test
    void a_process_of_the_console_has_no_connection() {
        refused(ProcessHandle.current().pid(), Instant.EPOCH, NOT_OVER_NETWORK);
        refused(Integer.MAX_VALUE, Instant.EPOCH, NOT_OVER_NETWORK);
    }

    @Test
    void a_user_cannot_make_a_connection_of_his_own_count() throws Exception {
        Instant moved = moved();

        refused(lab.serverOfUser(), moved, NOT_OVER_NETWORK);
    }

    @Test
    void a_connection_that_this_host_opened_does_not_count() throws Exception {
        Instant moved = moved();

        refused(lab.outgoing(), moved, NOT_OVER_NETWORK);
    }

    private static void refused(long pid, Instant moved, String... texts) {
        assertThatThrownBy(() -> ConnectionEvidence.of(pid, moved))
                .isInstanceOf(UplinkRefusal.class)
                .hasMessageContainingAll(texts);
    }
}
