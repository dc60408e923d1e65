// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.driver.pct;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.opdbus.config.state.ContainerProperties;
import org.opdbus.events.ContainerId;
import org.opdbus.events.LinkName;
import org.opdbus.verticles.driver.Command;
import org.opdbus.verticles.driver.CommandRunner;
import org.opdbus.verticles.driver.ContainerDescription;
import org.opdbus.verticles.driver.DriverException;
import org.opdbus.verticles.driver.DriverException.Reason;
import org.opdbus.verticles.driver.Failures;
import org.opdbus.verticles.driver.NewContainer;
import org.opdbus.verticles.driver.PropertyChanges;
import org.opdbus.verticles.driver.lxc.LxcDriver;
import org.opdbus.verticles.testing.BusWatcher;
import org.opdbus.verticles.testing.PctDouble;

/** The driver for Proxmox, with a double of {@code pct} that makes real containers. */
final class PctDriverIT {
    private static final ContainerId ID = new ContainerId("100");
    private static final String TEMPLATE = "local:vztmpl/debian-12-standard_12.7-1_amd64.tar.zst";
    private static final Duration GRACE = Duration.ZERO;

    private final CommandRunner runner = new CommandRunner();

    @TempDir
    Path folder;

    private Path conf = Path.of("/");
    private PctDriver driver = new PctDriver(runner);

    @BeforeEach
    void open() {
        PctDouble pct = PctDouble.in(folder);
        conf = pct.configurations();
        driver = new PctDriver(runner, pct.program().toString(), conf);
    }

    @AfterEach
    void close() {
        LxcDriver beneath = new LxcDriver(runner, folder.resolve("lxc"));
        beneath.list()
                .flattenAsFlowable(ids -> ids)
                .concatMapCompletable(id -> beneath.stop(id, GRACE).andThen(beneath.destroy(id)))
                .blockingAwait();
        runner.close();
    }

    @Test
    void a_container_lives_and_is_gone() throws IOException {
        driver.create(request(Map.of("memory", 64, "hostname", "web"))).blockingAwait();
        assertThat(driver.exists(ID).blockingGet()).isTrue();
        assertThat(driver.list().blockingGet()).containsExactly(ID);
        driver.start(ID).blockingAwait();
        driver.start(ID).blockingAwait();
        assertThat(Path.of("/sys/class/net/veth100i0")).exists();
        Command hostname = new Command(
                List.of("sh", "-c", "hostname; env; cat; echo \"$0\"", "a b"),
                Optional.of("input\n"),
                BusWatcher.GENEROUS,
                List.of());
        assertThat(driver.exec(ID, hostname).blockingGet().stdout())
                .startsWith("web\n")
                .endsWith("input\na b\n")
                .doesNotContain("OP_DBUS");
        assertThat(Failures.of(driver.destroy(ID)).reason()).isEqualTo(Reason.WRONG_STATE);
        driver.stop(ID, Duration.ofSeconds(3)).blockingAwait();
        driver.stop(ID, GRACE).blockingAwait();
        assertThat(Failures.of(driver.exec(ID, hostname)).reason()).isEqualTo(Reason.WRONG_STATE);
        driver.destroy(ID).blockingAwait();
        assertThat(driver.exists(ID).blockingGet()).isFalse();
        assertThat(calls()).contains(List.of("shutdown", "100", "--timeout", "3", "--forceStop", "1"));
    }

    @Test
    void creation_says_everything_in_the_grammar_of_pct() throws IOException {
        driver.create(request(Map.ofEntries(
                        Map.entry("hostname", "web"),
                        Map.entry("memory", 64),
                        Map.entry("swap", 32),
                        Map.entry("cores", 2),
                        Map.entry("rootfs", "local-lvm:8"),
                        Map.entry("unprivileged", true),
                        Map.entry("features", "nesting=1"),
                        Map.entry("onboot", true),
                        Map.entry("nameserver", "10.7.0.1 10.7.0.2"),
                        Map.entry("searchdomain", "example"),
                        Map.entry("ipv4", "10.7.0.5/24"),
                        Map.entry("gateway", "10.7.0.1"),
                        Map.entry("vlan", 42),
                        Map.entry("network_type", "netmaker"),
                        Map.entry("netmaker_token_env", "TOKEN_A"))))
                .blockingAwait();
        assertThat(calls())
                .containsExactly(List.of(
                        "create",
                        "100",
                        TEMPLATE,
                        "--hostname",
                        "web",
                        "--memory",
                        "64",
                        "--swap",
                        "32",
                        "--cores",
                        "2",
                        "--unprivileged",
                        "1",
                        "--features",
                        "nesting=1",
                        "--onboot",
                        "1",
                        "--nameserver",
                        "10.7.0.1 10.7.0.2",
                        "--searchdomain",
                        "example",
                        "--rootfs",
                        "local-lvm:8",
                        "--net0",
                        "name=eth0,bridge=vmbr0,firewall=0,ip=10.7.0.5/24,gw=10.7.0.1,tag=42"));
        ContainerDescription description = driver.describe(ID).blockingGet();
        assertThat(description).isNotNull();
        assertThat(description.hostLink()).contains("veth100i0");
        assertThat(description.bridge()).contains("vmbr0");
        assertThat(description.properties())
                .isEqualTo(Map.ofEntries(
                        Map.entry("hostname", "web"),
                        Map.entry("memory", 64L),
                        Map.entry("swap", 32L),
                        Map.entry("cores", 2L),
                        Map.entry("rootfs", "local-lvm:8"),
                        Map.entry("unprivileged", true),
                        Map.entry("features", "nesting=1"),
                        Map.entry("onboot", true),
                        Map.entry("nameserver", "10.7.0.1 10.7.0.2"),
                        Map.entry("searchdomain", "example"),
                        Map.entry("ipv4", "10.7.0.5/24"),
                        Map.entry("gateway", "10.7.0.1"),
                        Map.entry("vlan", 42L)));
    }

    @Test
    void a_change_keeps_the_rest_of_the_link_and_never_touches_a_snapshot() throws IOException {
        Files.createDirectories(folder.resolve("lxc"));
        Files.writeString(conf.resolve("100.conf"), """
                #net0: a note, not a link
                arch: amd64
                hostname: web
                memory: 64
                nameserver: 10.7.0.1
                net0: name=eth0,bridge=vmbr0,firewall=1,gw=10.7.0.1,hwaddr=BC:24:11:AA:BB:CC,ip=10.7.0.5/24,mtu=1400,type=veth
                parent: before
                rootfs: local-lvm:vm-100-disk-0,size=8G

                [before]
                memory: 4096
                hostname: old
                net0: name=eth0,bridge=vmbr9,tag=9
                onboot: 1
                """);
        assertThat(driver.set(
                                ID,
                                new PropertyChanges(
                                        ContainerProperties.of(Map.of(
                                                "memory", 128, "ipv4", "10.8.0.5/16", "vlan", 7, "hostname", "new")),
                                        Set.of("nameserver")))
                        .blockingGet())
                .isEmpty();
        assertThat(calls().get(0))
                .containsExactly(
                        "set",
                        "100",
                        "--hostname",
                        "new",
                        "--memory",
                        "128",
                        "--net0",
                        "name=eth0,bridge=vmbr0,firewall=1,hwaddr=BC:24:11:AA:BB:CC,ip=10.8.0.5/16,mtu=1400,type=veth,tag=7",
                        "--delete",
                        "nameserver");
        ContainerDescription description = driver.describe(ID).blockingGet();
        assertThat(description.firewalled()).isTrue();
        assertThat(description.properties())
                .isEqualTo(Map.of(
                        "hostname",
                        "new",
                        "memory",
                        128L,
                        "rootfs",
                        "local-lvm:8",
                        "unprivileged",
                        false,
                        "ipv4",
                        "10.8.0.5/16",
                        "vlan",
                        7L));
        assertThat(Files.readString(conf.resolve("100.conf"))).endsWith("""
                [before]
                memory: 4096
                hostname: old
                net0: name=eth0,bridge=vmbr9,tag=9
                onboot: 1
                """);
    }

    @Test
    void what_is_no_matter_of_proxmox_is_no_call() throws IOException {
        Files.writeString(conf.resolve("100.conf"), "hostname: web\n");
        assertThat(driver.set(ID, PropertyChanges.to(ContainerProperties.of(Map.of("network_type", "bridge"))))
                        .blockingGet())
                .isEmpty();
        assertThat(folder.resolve("calls")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"web", "99", "0100", "1e3", "1000000000", "-100"})
    void an_id_that_is_no_vmid_is_refused_with_what_to_do(String id) {
        DriverException failure = Failures.of(driver.create(new NewContainer(
                new ContainerId(id),
                new LinkName("vi1"),
                "vmbr0",
                ContainerProperties.of(Map.of("template", TEMPLATE)))));
        assertThat(failure.reason()).isEqualTo(Reason.INVALID);
        assertThat(failure)
                .hasMessage(
                        "no Proxmox container can be called \"" + id + "\": its id is a number of 100 to 999999999");
        assertThat(failure.remedy()).isEqualTo("use a number; a name can be its hostname");
        assertThat(folder.resolve("calls")).doesNotExist();
        assertThat(driver.exists(new ContainerId(id)).blockingGet()).isFalse();
    }

    @Test
    void without_a_template_nothing_is_created() {
        DriverException failure = Failures.of(
                driver.create(new NewContainer(ID, new LinkName("vi100"), "vmbr0", ContainerProperties.none())));
        assertThat(failure.reason()).isEqualTo(Reason.INVALID);
        assertThat(failure.remedy()).contains("pveam list local");
    }

    @Test
    void what_pct_deletes_from_no_configuration_is_never_asked_for() throws IOException {
        driver.create(request(Map.of("memory", 64, "unprivileged", true, "hostname", "web")))
                .blockingAwait();
        driver.set(
                        ID,
                        new PropertyChanges(
                                ContainerProperties.of(Map.of()), Set.of("memory", "nameserver", "hostname")))
                .ignoreElement()
                .blockingAwait();
        assertThat(calls()).contains(List.of("set", "100", "--delete", "hostname", "--memory", "512"));
        assertThat(Objects.requireNonNull(driver.describe(ID).blockingGet()).properties())
                .containsEntry("memory", 512L)
                .containsEntry("unprivileged", true);
        int calls = calls().size();
        assertThat(Failures.of(
                        driver.set(ID, new PropertyChanges(ContainerProperties.of(Map.of()), Set.of("unprivileged")))))
                .hasMessage(
                        "unprivileged of container 100 cannot be changed: it was set when the container was created");
        assertThat(calls()).hasSize(calls);
    }

    @Test
    void a_locked_container_is_reported_as_locked() throws IOException {
        Files.writeString(conf.resolve("100.conf"), "hostname: web\nlock: backup\n");
        DriverException failure = Failures.of(driver.start(ID));
        assertThat(failure.reason()).isEqualTo(Reason.LOCKED);
        assertThat(failure).hasMessage("pct start 100 failed (exit code 255): CT is locked (backup)");
        assertThat(failure.remedy()).contains("pct unlock 100 only if none is in progress");

        Files.writeString(conf.resolve("100.conf"), "hostname: web\n[snap]\nlock: backup\n");
        Files.createFile(folder.resolve("flock-100"));
        DriverException held =
                Failures.of(driver.set(ID, PropertyChanges.to(ContainerProperties.of(Map.of("memory", 64)))));
        assertThat(held.reason()).isEqualTo(Reason.LOCKED);
        assertThat(held).hasMessageContaining("got timeout");
    }

    @Test
    void existing_and_missing_containers_are_reported() throws IOException {
        Files.writeString(conf.resolve("100.conf"), "hostname: web\n");
        assertThat(Failures.of(driver.create(request(Map.of()))).reason()).isEqualTo(Reason.ALREADY_EXISTS);
        ContainerId other = new ContainerId("101");
        assertThat(Failures.of(driver.start(other)).reason()).isEqualTo(Reason.NO_SUCH_CONTAINER);
        assertThat(Failures.of(driver.destroy(other)).reason()).isEqualTo(Reason.NO_SUCH_CONTAINER);
        assertThat(driver.describe(other).isEmpty().blockingGet()).isTrue();
        // Another node's agent may be faster than our look: then pct itself reports it.
        PctDriver blind = new PctDriver(runner, folder.resolve("pct").toString(), folder.resolve("elsewhere"));
        assertThat(Failures.of(blind.create(request(Map.of()))).reason()).isEqualTo(Reason.ALREADY_EXISTS);
        assertThat(Failures.of(blind.list()).remedy()).contains("pve-cluster");
    }

    @Test
    void a_creation_that_fails_leaves_nothing_behind() {
        DriverException failure = Failures.of(driver.create(new NewContainer(
                ID, new LinkName("vi100"), "", ContainerProperties.of(Map.of("template", "local:vztmpl/broken")))));
        assertThat(failure.reason()).isEqualTo(Reason.REFUSED);
        assertThat(failure).hasMessageContaining("volume 'local:vztmpl/broken' does not exist");
        assertThat(conf).isEmptyDirectory();
        assertThat(folder.resolve("lxc/100")).doesNotExist();
    }

    @Test
    void without_proxmox_its_tool_is_missed() throws IOException {
        Files.writeString(conf.resolve("100.conf"), "hostname: web\n");
        PctDriver none = new PctDriver(runner, "op-no-such-pct", conf);
        assertThat(Failures.of(none.start(ID)).reason()).isEqualTo(Reason.NO_TOOL);
    }

    private static NewContainer request(Map<String, Object> properties) {
        Map<String, Object> all = new HashMap<>(properties);
        all.put("template", TEMPLATE);
        return new NewContainer(ID, new LinkName("vi100"), "vmbr0", ContainerProperties.of(all));
    }

    private List<List<String>> calls() throws IOException {
        return Arrays.stream(Files.readString(folder.resolve("calls")).split("(?m)^--\n"))
                .map(call -> call.lines().toList())
                .toList();
    }
}
