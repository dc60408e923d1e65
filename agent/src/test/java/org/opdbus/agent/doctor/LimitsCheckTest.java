// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.agent.doctor.AgentReply.ContainerReply;
import org.opdbus.agent.doctor.CheckResult.Severity;
import org.opdbus.config.AgentConfig;
import org.opdbus.config.ConfigLoader;
import org.opdbus.config.json.ConfigException;

/** The agent's files, and the inotify instances and watches of root, on hosts made of files. */
class LimitsCheckTest {
    private static final String AGENT = "4711";

    @TempDir
    Path folder;

    private final LimitsCheck check = new LimitsCheck();

    @BeforeEach
    void makeHost() throws IOException {
        Files.createDirectories(folder.resolve("ledger"));
        Files.createDirectories(folder.resolve("lxc"));
        Files.createDirectories(folder.resolve("proc/self"));
        sysctl("max_user_instances", 128);
        sysctl("max_user_watches", 65_536);
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void sysctl(String name, long max) throws IOException {
        write(folder.resolve("proc/sys/fs/inotify").resolve(name), max + "\n");
    }

    /** A process with this many inotify instances of this many watches each, and a file that is none. */
    private void process(String pid, int instances, int watches) throws IOException {
        Path process = folder.resolve("proc").resolve(pid);
        Files.createDirectories(process.resolve("fd"));
        Files.createSymbolicLink(process.resolve("fd/2"), Path.of("/dev/null"));
        for (int i = 0; i < instances; i++) {
            String number = Integer.toString(10 + i);
            Files.createSymbolicLink(process.resolve("fd").resolve(number), Path.of("anon_inode:inotify"));
            write(
                    process.resolve("fdinfo").resolve(number),
                    "pos:\t0\n" + "inotify wd:1 ino:7 sdev:8 mask:300\n".repeat(watches));
        }
    }

    private void agentMayOpen(long files) throws IOException {
        Path lock = folder.resolve("ledger/lock");
        write(lock, "");
        write(
                folder.resolve("proc/locks"),
                "1: POSIX  ADVISORY  WRITE " + AGENT + " fe:01:" + Files.getAttribute(lock, "unix:ino") + " 0 EOF\n");
        write(
                folder.resolve("proc").resolve(AGENT).resolve("limits"),
                "Limit                     Soft Limit           Hard Limit           Units\n"
                        + "Max processes             14869                14869                processes\n"
                        + "Max open files            " + files + "                 524288               files\n");
        process(AGENT, 0, 0);
    }

    private CheckResult only(AgentReply agent) throws ConfigException, IOException {
        Path config = folder.resolve("op-dbus.json");
        write(config, """
                {"host": "here", "ledger": {"dir": "%1$s/ledger"}, "lxc": {"path": "%1$s/lxc"}}
                """.formatted(folder));
        AgentConfig settings = ConfigLoader.load(config);
        List<CheckResult> findings = check.examine(new HostSnapshot(
                settings,
                Optional.of(config),
                Optional.empty(),
                folder,
                List.of(),
                "1",
                agent,
                HostSnapshot.Kernel.NOT_ASKED,
                HostSnapshot.Switch.NOT_ASKED));
        assertThat(findings).hasSize(1);
        return findings.get(0);
    }

    private static AgentReply agentWith(int running) {
        List<ContainerReply> containers = IntStream.range(0, running)
                .mapToObj(n -> new ContainerReply("c" + n, "enrolled", ""))
                .toList();
        return new AgentReply(true, Optional.empty(), "1", Map.of(), Optional.empty(), containers);
    }

    @Test
    void an_agent_that_may_open_too_few_files_for_its_containers_is_a_problem() throws Exception {
        agentMayOpen(1_024);
        assertThat(only(agentWith(100)).severity()).isEqualTo(Severity.OK);

        CheckResult finding = only(agentWith(1_000));
        assertThat(finding.severity()).isEqualTo(Severity.PROBLEM);
        assertThat(finding.what()).contains("may open 1024 files", "1000 running containers");
        assertThat(finding.remedy()).contains("systemctl edit op-dbus", "LimitNOFILE=524288");
    }

    @Test
    void instances_that_are_nearly_used_up_are_a_warning_and_then_a_problem() throws Exception {
        process("1", 60, 1);
        assertThat(only(AgentReply.none()).severity()).isEqualTo(Severity.OK);

        process("200", 40, 1);
        CheckResult warning = only(AgentReply.none());
        assertThat(warning.severity()).isEqualTo(Severity.WARNING);
        assertThat(warning.what()).contains("100 of 128 inotify instances");

        process("300", 20, 1);
        CheckResult problem = only(AgentReply.none());
        assertThat(problem.severity()).isEqualTo(Severity.PROBLEM);
        assertThat(problem.remedy())
                .contains("sysctl -w fs.inotify.max_user_instances=1024", "/etc/sysctl.d/60-max_user_instances.conf");
    }

    @Test
    void an_agent_that_has_not_begun_needs_a_watch_for_each_container() throws Exception {
        sysctl("max_user_watches", 8_192);
        process("1", 2, 3_000);
        assertThat(only(AgentReply.none()).severity()).isEqualTo(Severity.OK);
        for (int n = 0; n < 2_200; n++) {
            Files.createDirectory(folder.resolve("lxc").resolve("c" + n));
        }
        CheckResult problem = only(AgentReply.none());
        assertThat(problem.severity()).isEqualTo(Severity.PROBLEM);
        assertThat(problem.what()).contains("6000 of 8192 inotify watches");
        assertThat(problem.remedy()).contains("sysctl -w fs.inotify.max_user_watches=65536");
        // The watches of an agent that runs are among those that were counted.
        assertThat(only(agentWith(0)).severity()).isEqualTo(Severity.OK);
    }

    @Test
    void a_process_that_ends_meanwhile_or_cannot_be_seen_counts_nothing() throws Exception {
        Files.createDirectories(folder.resolve("proc/99"));
        assertThat(only(AgentReply.none()).what()).contains("0 of 128 inotify instances", "0 of 65536 inotify watches");
    }
}
