// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.agent.doctor.AgentReply.ContainerReply;
import org.opdbus.agent.doctor.AgentReply.LabReply;
import org.opdbus.agent.doctor.CheckResult.Severity;
import org.opdbus.config.AgentConfig;
import org.opdbus.config.ConfigLoader;
import org.opdbus.config.json.ConfigException;
import org.opdbus.events.Bridge;
import org.opdbus.ledger.Draft;
import org.opdbus.ledger.LedgerOptions;
import org.opdbus.ledger.write.FileLedger;
import org.opdbus.verticles.ovsdb.Survey;
import org.opdbus.verticles.ovsdb.Survey.SeenInterface;
import org.opdbus.verticles.ovsdb.Survey.SeenPort;

/** The findings of each check, and that it does not complain about a correct host. */
class DoctorTest {
    private static final String ALL_CAPABILITIES = "000001ffffffffff";

    @TempDir
    Path folder;

    private Path config;
    private AgentReply agent = AgentReply.none();
    private HostSnapshot.Kernel kernel = new HostSnapshot.Kernel(Set.of("vmbr0", "vi100"), Optional.empty());
    private HostSnapshot.Switch ovs = new HostSnapshot.Switch(Optional.of(survey(7, 7)), Optional.empty(), true);

    @BeforeEach
    void makeAHealthyHost() throws IOException {
        config = folder.resolve("op-dbus.json");
        write(config, """
                {"host": "here", "runtime": {"dir": "%1$s/run"}, "ledger": {"dir": "%1$s/ledger"},
                 "state": {"file": "%1$s/state.json"}, "lxc": {"path": "%1$s/lxc"},
                 "netmaker": {"envFile": "%1$s/netmaker.env"}}
                """.formatted(folder));
        for (String made : List.of("run", "ledger", "lxc", "bin", "root/proc/self", "root/dev/net")) {
            Files.createDirectories(folder.resolve(made));
        }
        mode(folder.resolve("ledger"), "rwx------");
        mode(folder.resolve("run"), "rwxr-xr-x");
        status(ALL_CAPABILITIES);
        write(folder.resolve("root/proc/locks"), "");
        inotify("max_user_instances", 128);
        inotify("max_user_watches", 65_536);
        for (String program : List.of("lxc-create", "lxc-start", "lxc-stop", "lxc-destroy")) {
            mode(write(folder.resolve("bin").resolve(program), ""), "rwxr-xr-x");
        }
    }

    private static Path write(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        return mode(Files.writeString(file, text), "rw-r--r--");
    }

    private static Path mode(Path file, String mode) throws IOException {
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    private void status(String capabilities) throws IOException {
        write(folder.resolve("root/proc/self/status"), "Name:\tjava\nCapEff:\t" + capabilities + "\n");
    }

    private void inotify(String name, long max) throws IOException {
        write(folder.resolve("root/proc/sys/fs/inotify").resolve(name), max + "\n");
    }

    private HostSnapshot patient() throws ConfigException {
        return patient(ConfigLoader.load(config), Optional.empty());
    }

    private HostSnapshot patient(AgentConfig settings, Optional<String> failure) {
        return new HostSnapshot(
                settings,
                Optional.of(config),
                failure,
                folder.resolve("root"),
                List.of(folder.resolve("bin")),
                "1.2",
                agent,
                kernel,
                ovs);
    }

    private static Survey survey(long asked, long done, SeenPort... ports) {
        return new Survey(List.of(new Bridge("vmbr0", "system")), List.of(ports), asked, done, Optional.of("3.1.0"));
    }

    private static SeenPort port(String name, String type, Map<String, String> ids) {
        return new SeenPort(
                "row-" + name,
                name,
                "vmbr0",
                ids,
                List.of(new SeenInterface("if-" + name, name, type, -1, Optional.of("No such device"))));
    }

    /** Returns the one finding of a check. */
    private CheckResult only(Check check) throws ConfigException {
        List<CheckResult> findings = check.examine(patient());
        assertThat(findings).hasSize(1);
        return findings.get(0);
    }

    private static void assertProblem(CheckResult finding, String what, String remedy) {
        assertThat(finding.severity()).as("%s", finding).isEqualTo(Severity.PROBLEM);
        assertThat(finding.what()).contains(what);
        assertThat(finding.why()).isNotBlank();
        assertThat(finding.remedy()).contains(remedy);
    }

    @Test
    void a_healthy_host_has_nothing_but_ok() throws ConfigException {
        agent = new AgentReply(
                true,
                Optional.empty(),
                "1.2",
                Map.of("lxc", "listed", "netlink", "listed", "ovsdb", "listed"),
                Optional.empty(),
                List.of(new ContainerReply("100", "enrolled", "")));
        assertThat(Doctor.examine(patient()))
                .hasSize(13)
                .allMatch(finding -> finding.severity() == Severity.OK)
                .allMatch(finding -> finding.remedy().isEmpty());
    }

    @Test
    void a_lab_is_shown_with_what_is_not_as_its_definition_says() throws ConfigException {
        LabReply well = new LabReply("one", true, Map.of());
        LabReply stopped = new LabReply("two", false, Map.of());
        agent = agentWith(well, stopped);
        CheckResult ok = only(new LabsCheck());
        assertThat(ok.severity()).isEqualTo(Severity.OK);
        assertThat(ok.what()).isEqualTo("seen: 2, of which run: 1; each is as its definition says");

        agent = agentWith(well, new LabReply("three", true, Map.of("_k_1_0", "its link is missing")));
        CheckResult degraded = only(new LabsCheck());
        assertThat(degraded.severity()).isEqualTo(Severity.WARNING);
        assertThat(degraded.what()).isEqualTo("lab three: _k_1_0: its link is missing");
        assertThat(degraded.remedy()).contains("op-dbus lab three show");
    }

    private static AgentReply agentWith(LabReply... labs) {
        return new AgentReply(true, Optional.empty(), "1.2", Map.of(), Optional.empty(), List.of(), List.of(labs));
    }

    @Test
    void an_old_java_is_a_problem() throws ConfigException {
        assertProblem(
                only(new JavaCheck(Runtime.Version.parse("11.0.2"))), "Java 11.0.2 is too old", "apt-get install");
    }

    @Test
    void an_unusable_file_is_reported_with_its_error() throws Exception {
        HostSnapshot broken = patient(AgentConfig.defaults("here"), Optional.of("op-dbus.json: lxc.pth: unknown key"));
        assertProblem(new ConfigCheck().examine(broken).get(0), "lxc.pth: unknown key", "docs/CONFIG.md");

        write(folder.resolve("state.json"), "{\"version\": 2}");
        List<CheckResult> findings = new ConfigCheck().examine(patient());
        assertThat(findings.get(0).severity()).isEqualTo(Severity.OK);
        assertProblem(findings.get(1), "state.json", "docs/STATE.md");
    }

    @Test
    void files_that_others_can_write_or_read_are_a_problem() throws Exception {
        mode(config, "rw-rw-r--");
        assertProblem(only(new ConfigCheck()), "has the mode rw-rw-r--", "chmod go-w " + config);

        mode(folder.resolve("ledger"), "rwxr-x---");
        mode(write(folder.resolve("host.key"), "key"), "rw-r-----");
        List<CheckResult> findings = new FoldersCheck().examine(patient());
        assertThat(findings).hasSize(2);
        assertProblem(findings.get(0), "ledger has the mode rwxr-x---", "chmod go= " + folder.resolve("ledger"));
        assertProblem(findings.get(1), "host.key has the mode rw-r-----", "chmod go= ");
    }

    @Test
    void missing_capabilities_are_named() throws Exception {
        status("0000000000001000");
        assertProblem(only(new RightsCheck()), "lacks CAP_SYS_PTRACE, CAP_SYS_ADMIN", "as root");
    }

    @Test
    void a_kernel_that_does_not_answer_is_reported_with_its_error() throws ConfigException {
        kernel = new HostSnapshot.Kernel(Set.of(), Optional.of("cannot change links: Operation not permitted"));
        assertProblem(only(new KernelCheck()), "Operation not permitted", "as root");
        assertThat(new PortsCheck().examine(patient()))
                .as("no link is known, so none is missed")
                .isEmpty();
    }

    @Test
    void a_ledger_that_another_process_writes_or_that_accepts_nothing_is_a_problem() throws Exception {
        Path lock = write(folder.resolve("ledger/lock"), "4711\n");
        write(
                folder.resolve("root/proc/locks"),
                "1: FLOCK  ADVISORY  WRITE 1 00:01:1 0 EOF\n2: POSIX  ADVISORY  WRITE 4711 fe:01:"
                        + Files.getAttribute(lock, "unix:ino") + " 0 EOF\n");
        assertProblem(only(new LedgerCheck()), "process 4711 writes the ledger", "ps 4711");

        agent = new AgentReply(true, Optional.empty(), "1.2", Map.of(), Optional.of("disk full"), List.of());
        assertProblem(only(new LedgerCheck()), "accepts no entries: disk full", "free space");
    }

    @Test
    void a_ledger_that_does_not_exist_is_not_said_to_have_space() throws Exception {
        Path ledger = folder.resolve("ledger");
        Files.delete(ledger);
        CheckResult yet = only(new LedgerCheck());
        assertThat(yet.severity()).isEqualTo(Severity.OK);
        assertThat(yet.what()).isEqualTo(ledger + " does not exist yet; the agent makes it when it first starts");

        agent = new AgentReply(true, Optional.empty(), "1.2", Map.of(), Optional.empty(), List.of());
        assertProblem(only(new LedgerCheck()), ledger + " is gone", "systemctl restart op-dbus");

        agent = AgentReply.none();
        Files.writeString(ledger, "");
        assertProblem(only(new LedgerCheck()), ledger + " is not a directory", "ledger.dir");
    }

    @Test
    void a_ledger_that_does_not_verify_is_reported_before_an_agent_starts_on_it() throws Exception {
        Path ledger = folder.resolve("ledger");
        try (FileLedger written = FileLedger.open(LedgerOptions.of(ledger, "here"))) {
            written.append(new Draft("test", "subject", Map.of("key", "value"))).get();
        }
        assertThat(only(new LedgerCheck()).severity()).isEqualTo(Severity.OK);

        Path segment = ledger.resolve("%020d.jsonl".formatted(1));
        write(segment, Files.readString(segment).replace("value", "other"));
        assertProblem(only(new LedgerCheck()), "entry 1, " + segment, "op-dbus ledger verify");
    }

    @Test
    void open_vswitch_is_judged_by_its_database_its_daemon_and_its_bridge() throws Exception {
        ovs = new HostSnapshot.Switch(Optional.empty(), Optional.of("no such file"), false);
        assertProblem(only(new SwitchCheck()), "no such file", "systemctl start openvswitch-switch");
        ovs = new HostSnapshot.Switch(Optional.of(survey(7, 7)), Optional.empty(), false);
        assertProblem(only(new SwitchCheck()), "ovs-vswitchd does not run", "systemctl start openvswitch-switch");
        ovs = new HostSnapshot.Switch(Optional.of(survey(9, 7)), Optional.empty(), true);
        assertProblem(only(new SwitchCheck()), "acted on 7 of 9 changes", "run doctor again");
        ovs = new HostSnapshot.Switch(
                Optional.of(new Survey(List.of(), List.of(), 1, 1, Optional.empty())), Optional.empty(), true);
        assertProblem(only(new SwitchCheck()), "there is no bridge vmbr0", "ovs-vsctl add-br vmbr0");
    }

    @Test
    void missing_containers_folder_and_programs_are_named() throws Exception {
        Files.delete(folder.resolve("lxc"));
        Files.delete(folder.resolve("bin/lxc-stop"));
        List<CheckResult> findings = new LxcCheck().examine(patient());
        assertThat(findings).hasSize(2);
        assertProblem(findings.get(0), "there is no folder " + folder.resolve("lxc"), "lxc.path");
        assertProblem(findings.get(1), "not found: lxc-stop", "apt-get install lxc");

        Files.createDirectory(folder.resolve("lxc"));
        mode(write(folder.resolve("bin/lxc-stop"), ""), "rwxr-xr-x");
        mode(write(folder.resolve("bin/lxc-start"), "#!/bin/sh\necho 5.0.2\n"), "rwxr-xr-x");
        assertThat(only(new LxcCheck()).what()).endsWith("by LXC's own programs, LXC 5.0.2");
        mode(write(folder.resolve("bin/pct"), ""), "rwxr-xr-x");
        assertThat(only(new LxcCheck()).what()).contains("by pct");

        Files.createDirectory(folder.resolve("lxc/bad\nname"));
        CheckResult leftOut = only(new LxcCheck());
        assertThat(leftOut.severity()).isEqualTo(Severity.WARNING);
        assertThat(leftOut.what()).contains("bad\nname");
        assertThat(leftOut.remedy()).contains("rename");
    }

    @Test
    void a_mesh_needs_a_private_file_of_tokens_and_is_not_asked_about_elsewhere() throws Exception {
        assertThat(new NetmakerCheck().examine(patient())).isEmpty();

        write(folder.resolve("state.json"), """
                {"version": 1, "plugins": {"lxc": {"containers": [
                  {"id": "100", "properties": {"network_type": "netmaker"}}]}}}
                """);
        List<CheckResult> findings = new NetmakerCheck().examine(patient());
        assertProblem(findings.get(0), "netmaker.env does not exist", "0600");
        assertProblem(findings.get(1), "there is no /dev/net/tun", "modprobe tun");

        write(folder.resolve("netmaker.env"), "NETMAKER_TOKEN=secret");
        write(folder.resolve("root/dev/net/tun"), "");
        CheckResult readable = only(new NetmakerCheck());
        assertProblem(readable, "its group or others can read or change it", "chmod 600 ");
        assertThat(readable.toString()).doesNotContain("secret");
        mode(folder.resolve("netmaker.env"), "rw-------");
        assertThat(only(new NetmakerCheck()).severity()).isEqualTo(Severity.OK);

        Files.setAttribute(folder.resolve("netmaker.env"), "unix:uid", 12_345);
        assertProblem(only(new NetmakerCheck()), "it belongs to user 12345", "chown root ");
        Files.delete(folder.resolve("netmaker.env"));
        assertThat(new ProcessBuilder(
                                "mkfifo",
                                "-m",
                                "600",
                                folder.resolve("netmaker.env").toString())
                        .start()
                        .waitFor())
                .isZero();
        assertProblem(only(new NetmakerCheck()), "is not a regular file", "put a regular file");

        Files.delete(folder.resolve("netmaker.env"));
        String credential = "run/credentials/op-dbus.service/netmaker.env";
        mode(write(folder.resolve("root").resolve(credential), "NETMAKER_TOKEN=secret"), "r--------");
        assertThat(only(new NetmakerCheck()).severity()).isEqualTo(Severity.OK);
        assertThat(only(new NetmakerCheck()).what()).contains(credential);
    }

    @Test
    void a_netclient_whose_service_is_not_installed_is_found_in_a_container_that_is_to_be_in_a_mesh() throws Exception {
        write(folder.resolve("state.json"), """
                {"version": 1, "plugins": {"lxc": {"containers": [
                  {"id": "100", "properties": {"network_type": "netmaker"}},
                  {"id": "101"}]}}}
                """);
        for (String id : List.of("100", "101")) {
            Path root = patient().config().lxc().path().resolve(id).resolve("rootfs");
            write(root.resolve("usr/bin/netclient"), "");
            write(root.resolve("usr/sbin/other"), "");
            Files.createSymbolicLink(root.resolve("usr/sbin/init"), Path.of("../lib/systemd/systemd"));
        }
        CheckResult found = only(new NetclientCheck());
        assertProblem(found, "netclient is in container 100, but its service is not installed", "takes about 20 s");
        assertThat(found.remedy()).contains("run from /usr/bin installs nothing");

        Path root = patient().config().lxc().path().resolve("100/rootfs");
        write(root.resolve("etc/systemd/system/netclient.service"), "");
        assertThat(new NetclientCheck().examine(patient())).isEmpty();
    }

    @Test
    void a_container_that_is_not_in_its_mesh_is_reported_with_the_remedy() throws ConfigException {
        agent = new AgentReply(
                true,
                Optional.empty(),
                "1.2",
                Map.of(),
                Optional.empty(),
                List.of(new ContainerReply(
                        "100",
                        "unconfirmed",
                        "netclient's daemon does not run in it",
                        "",
                        "start it: systemctl …",
                        Optional.empty())));
        assertProblem(
                only(new ContainersCheck()),
                "container 100 is unconfirmed: netclient's daemon does not run in it",
                "start it: systemctl");
    }

    @Test
    void hosts_left_behind_on_mesh_servers_are_reported_and_nothing_is_made() throws Exception {
        assertThat(new NetmakerCheck().examine(patient())).isEmpty();
        assertThat(folder.resolve("netmaker")).doesNotExist();

        write(folder.resolve("netmaker/hosts.json"), """
                {"members": [], "keys": ["op-dbus-101-0123abcd"], "orphans": [{"container": "100", "server": "nm.test",
                  "api": "nm.test:443", "hostId": "h1", "mac": "02:00:00:00:00:01", "password": "secret"}]}
                """);
        List<CheckResult> findings = new NetmakerCheck().examine(patient());
        assertThat(findings).extracting(CheckResult::severity).containsExactly(Severity.WARNING, Severity.WARNING);
        assertThat(findings.get(0).what()).isEqualTo("host h1 (container 100) on nm.test is left behind");
        assertThat(findings.get(0).remedy()).contains("check that the agent runs");
        assertThat(findings.get(1).what()).isEqualTo("enrolment key op-dbus-101-0123abcd is left behind");
        assertThat(findings.toString()).doesNotContain("secret");

        write(folder.resolve("netmaker/hosts.json"), "{");
        assertProblem(only(new NetmakerCheck()), "is damaged", "start the agent");
        assertThat(folder.resolve("netmaker/hosts.json")).exists();
    }

    @Test
    void an_agent_that_is_absent_silent_old_or_without_sources_is_reported() throws ConfigException {
        assertThat(only(new AgentCheck()).severity()).isEqualTo(Severity.WARNING);
        assertThat(only(new AgentCheck()).remedy()).contains("systemctl start op-dbus");
        agent = AgentReply.failed("nothing came in 10 s");
        assertProblem(only(new AgentCheck()), "does not answer: nothing came in 10 s", "systemctl restart op-dbus");
        agent = new AgentReply(true, Optional.empty(), "1.1", Map.of("ovsdb", "lost"), Optional.empty(), List.of());
        List<CheckResult> findings = new AgentCheck().examine(patient());
        assertThat(findings.get(0).what()).contains("version 1.1, this program has version 1.2");
        assertProblem(findings.get(1), "source ovsdb is lost", "start Open vSwitch");
        agent = new AgentReply(true, Optional.empty(), "1.2", Map.of("docker", "lost"), Optional.empty(), List.of());
        assertThat(only(new AgentCheck()).severity()).isEqualTo(Severity.WARNING);
        assertThat(only(new AgentCheck()).remedy()).contains("systemctl restart docker");
    }

    @Test
    void containers_that_are_not_enrolled_are_reported_with_the_reason() throws ConfigException {
        agent = new AgentReply(
                true,
                Optional.empty(),
                "1.2",
                Map.of(),
                Optional.empty(),
                List.of(
                        new ContainerReply("100", "refused", "the name vi100 is held by link 7"),
                        new ContainerReply("101", "waiting", "Open vSwitch's database cannot be reached"),
                        new ContainerReply("102", "drifted", "port vi102 was retagged by another hand"),
                        new ContainerReply("103", "stopped", ""),
                        new ContainerReply(
                                "104",
                                "refused",
                                "Open vSwitch has no bridge vmbr9",
                                "create it (ovs-vsctl add-br vmbr9)",
                                "",
                                Optional.empty())));
        List<CheckResult> findings = new ContainersCheck().examine(patient());
        assertThat(findings).hasSize(4);
        assertProblem(
                findings.get(3),
                "container 104 is refused",
                "create it (ovs-vsctl add-br vmbr9); or add it to enrollment.ignore");
        assertProblem(
                findings.get(0), "container 100 is refused: the name vi100 is held", "ledger search --subject 100");
        assertThat(findings.get(1).severity()).isEqualTo(Severity.WARNING);
        assertThat(findings.get(2).remedy()).contains("enrollment.onDrift");
    }

    @Test
    void only_ports_made_for_a_link_that_is_not_there_are_called_leaked() throws ConfigException {
        SeenPort bond = new SeenPort(
                "row-bond",
                "bond0",
                "vmbr0",
                Map.of(),
                List.of(
                        new SeenInterface("a", "eth8", "", -1, Optional.empty()),
                        new SeenInterface("b", "eth9", "", -1, Optional.empty())));
        ovs = new HostSnapshot.Switch(
                Optional.of(survey(
                        7,
                        7,
                        port("leaked0", "", Map.of("whose", "theirs")),
                        port("old0", "system", Map.of()),
                        port("vi100", "", Map.of()),
                        port("patch0", "patch", Map.of()),
                        port("tunnel0", "vxlan", Map.of()),
                        port("inner0", "internal", Map.of()),
                        bond)),
                Optional.empty(),
                true);
        List<CheckResult> findings = new PortsCheck().examine(patient());
        assertThat(findings).hasSize(2);
        assertProblem(
                findings.get(0),
                "port leaked0 of bridge vmbr0 has no link in the kernel (ovs-vswitchd: No such",
                "--fix");
        assertThat(findings.get(1).what()).contains("port old0");
    }

    @Test
    void ports_of_the_agents_own_are_left_to_an_agent_that_runs() throws ConfigException {
        Map<String, String> marks = Map.of("op-dbus:owner", "here", "op-dbus:container", "200");
        ovs = new HostSnapshot.Switch(Optional.of(survey(7, 7, port("vi200", "", marks))), Optional.empty(), true);
        CheckResult orphan = only(new PortsCheck());
        assertProblem(orphan, "port vi200", "start the agent, which removes it");
        assertThat(orphan.why()).contains("for container 200, and no agent runs");

        agent = new AgentReply(true, Optional.empty(), "1.2", Map.of(), Optional.empty(), List.of());
        assertThat(only(new PortsCheck()).severity()).isEqualTo(Severity.WARNING);
    }

    @Test
    void ports_of_a_bridge_whose_own_link_is_elsewhere_are_not_judged() throws ConfigException {
        kernel = new HostSnapshot.Kernel(Set.of("lo"), Optional.empty());
        ovs = new HostSnapshot.Switch(
                Optional.of(survey(7, 7, port("elsewhere0", "", Map.of()))), Optional.empty(), true);
        CheckResult finding = only(new PortsCheck());
        assertThat(finding.severity()).isEqualTo(Severity.WARNING);
        assertThat(finding.what()).isEqualTo("not checked: the ports of vmbr0");
    }
}
