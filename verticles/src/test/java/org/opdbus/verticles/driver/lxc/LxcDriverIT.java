// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.driver.lxc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import io.reactivex.rxjava3.core.Single;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
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
import org.opdbus.verticles.driver.CommandResult;
import org.opdbus.verticles.driver.CommandRunner;
import org.opdbus.verticles.driver.ContainerDescription;
import org.opdbus.verticles.driver.DriverException;
import org.opdbus.verticles.driver.DriverException.Reason;
import org.opdbus.verticles.driver.Failures;
import org.opdbus.verticles.driver.NewContainer;
import org.opdbus.verticles.driver.PropertyChanges;
import org.opdbus.verticles.testing.BusWatcher;
import org.opdbus.verticles.testing.Laboratory;

final class LxcDriverIT {
    private static final ContainerId ID = new ContainerId("100");
    private static final Duration GRACE = Duration.ZERO;

    private final CommandRunner runner = new CommandRunner();

    @TempDir
    Path folder;

    private Path lxcPath = Path.of("/");
    private LxcDriver driver = new LxcDriver(runner, lxcPath);

    @BeforeEach
    void open() throws IOException {
        // The root of an unprivileged container must be able to pass.
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        lxcPath = folder.resolve("lxc");
        driver = new LxcDriver(runner, lxcPath);
    }

    @AfterEach
    void close() {
        driver.list()
                .flattenAsFlowable(ids -> ids)
                .concatMapCompletable(id -> driver.stop(id, GRACE).andThen(driver.destroy(id)))
                .blockingAwait();
        runner.close();
    }

    @Test
    void a_container_lives_and_is_gone() throws IOException {
        driver.create(request(
                        ID,
                        Map.of(
                                "hostname",
                                "web.example",
                                "memory",
                                64,
                                "swap",
                                32,
                                "cores",
                                1,
                                "onboot",
                                true,
                                "ipv4",
                                "10.7.0.5/24",
                                "gateway",
                                "10.7.0.1",
                                "nameserver",
                                "10.7.0.1 10.7.0.2",
                                "searchdomain",
                                "example lan.example")))
                .blockingAwait();
        assertThat(driver.exists(ID).blockingGet()).isTrue();
        assertThat(driver.list().blockingGet()).containsExactly(ID);

        driver.start(ID).blockingAwait();
        driver.start(ID).blockingAwait();
        assertThat(Path.of("/sys/class/net/vi100")).exists();
        assertThat(sh("hostname; ip -4 -o addr show eth0; ip route; cat /etc/resolv.conf"))
                .contains("web.example\n", "10.7.0.5/24", "default via 10.7.0.1")
                .endsWith("search example lan.example\nnameserver 10.7.0.1\nnameserver 10.7.0.2\n");

        assertThat(Failures.of(driver.destroy(ID)).reason()).isEqualTo(Reason.WRONG_STATE);
        driver.stop(ID, GRACE).blockingAwait();
        driver.stop(ID, GRACE).blockingAwait();
        assertThat(Path.of("/sys/class/net/vi100")).doesNotExist();
        driver.destroy(ID).blockingAwait();
        assertThat(driver.exists(ID).blockingGet()).isFalse();
        assertThat(remains()).isEmpty();
    }

    @Test
    void what_is_created_is_described_as_it_was_asked_for() {
        Map<String, Object> wanted = Map.of(
                "hostname",
                "web",
                "memory",
                64L,
                "swap",
                32L,
                "cores",
                2L,
                "onboot",
                true,
                "unprivileged",
                false,
                "features",
                "nesting=1",
                "ipv4",
                "10.7.0.5/24",
                "nameserver",
                "10.7.0.1",
                "template",
                "busybox");
        driver.create(request(ID, wanted)).blockingAwait();
        ContainerDescription description = driver.describe(ID).blockingGet();
        assertThat(description).isNotNull();
        assertThat(description.properties()).isEqualTo(wanted);
        assertThat(description.hostLink()).contains("vi100");
        assertThat(description.bridge()).contains("");
        assertThat(description.firewalled()).isFalse();
        assertThat(driver.describe(new ContainerId("none")).isEmpty().blockingGet())
                .isTrue();
    }

    @Test
    void a_static_address_is_replaced_at_the_next_start_and_may_go() {
        driver.create(request(ID, Map.of("ipv4", "10.7.0.5/24", "gateway", "10.7.0.1")))
                .blockingAwait();
        driver.set(ID, PropertyChanges.to(ContainerProperties.of(Map.of("ipv4", "10.8.0.6/16"))))
                .ignoreElement()
                .blockingAwait();
        driver.start(ID).blockingAwait();
        assertThat(sh("ip -4 -o addr show eth0; ip route"))
                .contains("10.8.0.6/16")
                .doesNotContain("10.7.0.", "default");
        assertThat(sh("ps")).doesNotContain("udhcpc");

        driver.set(ID, new PropertyChanges(ContainerProperties.none(), Set.of("ipv4")))
                .ignoreElement()
                .blockingAwait();
        driver.stop(ID, GRACE).blockingAwait();
        driver.start(ID).blockingAwait();
        eventually(() -> assertThat(sh("ps")).contains("udhcpc"));
        assertThat(driver.describe(ID).blockingGet().properties()).doesNotContainKeys("ipv4", "gateway");
    }

    @Test
    void nothing_said_is_a_busybox_that_starts() {
        driver.create(request(ID, Map.of())).blockingAwait();
        driver.start(ID).blockingAwait();
        assertThat(sh("hostname; readlink -f /sbin/init; grep -c : /proc/net/dev"))
                .startsWith("100\n");
    }

    @Test
    void changes_take_effect_at_once_where_they_can_and_leave_other_lines_alone() throws IOException {
        driver.create(request(ID, Map.of("memory", 64, "swap", 32))).blockingAwait();
        Path config = lxcPath.resolve("100/config");
        String mine = "# kept: \u00e4\u00f6\nlxc.environment = MINE=1\n";
        Files.writeString(config, Files.readString(config) + mine);
        driver.start(ID).blockingAwait();

        Set<String> pending = driver.set(
                        ID,
                        new PropertyChanges(
                                ContainerProperties.of(Map.of("memory", 256, "hostname", "other", "onboot", true)),
                                Set.of("nameserver")))
                .blockingGet();
        assertThat(pending).containsExactly("hostname");
        CommandResult limit = runner.run(Command.of(
                        BusWatcher.GENEROUS, List.of("lxc-cgroup", "--name=100", "--lxcpath=" + lxcPath, memoryFile())))
                .blockingGet();
        assertThat(limit.stdout().strip()).isEqualTo(Long.toString(256L << 20));
        assertThat(driver.set(ID, PropertyChanges.to(ContainerProperties.of(Map.of("memory", 96))))
                        .blockingGet())
                .isEmpty();
        assertThat(driver.describe(ID).blockingGet().properties())
                .containsEntry("memory", 96L)
                .containsEntry("swap", 32L)
                .containsEntry("hostname", "other")
                .containsEntry("onboot", true);
        assertThat(Files.readString(config)).contains(mine);

        driver.stop(ID, GRACE).blockingAwait();
        driver.start(ID).blockingAwait();
        assertThat(sh("hostname")).isEqualTo("other\n");
    }

    @Test
    void what_a_container_is_made_of_cannot_be_changed() {
        driver.create(request(ID, Map.of())).blockingAwait();
        DriverException failure =
                Failures.of(driver.set(ID, PropertyChanges.to(ContainerProperties.of(Map.of("template", "debian")))));
        assertThat(failure.reason()).isEqualTo(Reason.INVALID);
        assertThat(failure)
                .hasMessage("template of container 100 cannot be changed: it was set when the container was created");
    }

    @Test
    void a_second_creation_is_an_error_that_says_so_and_harms_nothing() throws IOException {
        driver.create(request(ID, Map.of())).blockingAwait();
        String config = Files.readString(lxcPath.resolve("100/config"));
        DriverException failure = Failures.of(driver.create(request(ID, Map.of("memory", 64))));
        assertThat(failure.reason()).isEqualTo(Reason.ALREADY_EXISTS);
        assertThat(failure).hasMessage("there is a container 100 already: " + lxcPath.resolve("100"));
        assertThat(failure.remedy()).isEqualTo("destroy it first, or keep it unchanged");
        assertThat(Files.readString(lxcPath.resolve("100/config"))).isEqualTo(config);
    }

    @Test
    void of_two_creations_at_once_one_succeeds() {
        List<Boolean> outcomes = Single.mergeDelayError(List.of(
                        driver.create(request(ID, Map.of()))
                                .toSingleDefault(true)
                                .onErrorReturnItem(false),
                        driver.create(request(ID, Map.of()))
                                .toSingleDefault(true)
                                .onErrorReturnItem(false)))
                .toList()
                .blockingGet();
        assertThat(outcomes).containsExactlyInAnyOrder(true, false);
        driver.start(ID).blockingAwait();
        assertThat(sh("hostname")).isEqualTo("100\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"exit 7", "mkdir -p $LXC_ROOTFS_PATH; echo no >&2; exit 1"})
    void a_creation_that_fails_leaves_nothing_behind(String script) throws IOException {
        Path template = template("echo the template says no >&2; " + script);
        DriverException failure = Failures.of(driver.create(request(ID, Map.of("template", template.toString()))));
        assertThat(failure.reason()).isEqualTo(Reason.REFUSED);
        assertThat(failure)
                .hasMessageStartingWith("container 100 was not created (exit code 1): ")
                .hasMessageContaining("the template says no");
        assertThat(remains()).isEmpty();
    }

    @Test
    void a_template_that_hangs_is_ended_with_its_children_and_leaves_nothing_behind() throws IOException {
        Path pids = folder.resolve("pids");
        Path template = template("trap '' TERM; mkdir -p \"$3/rootfs/etc\"; echo $$ >" + pids
                + "; (setsid sh -c 'echo $$ >>" + pids + "; exec sleep 1000' &); sleep 1000");
        LxcDriver impatient = new LxcDriver(runner, lxcPath, Path.of("/etc"), Duration.ofSeconds(3));
        DriverException failure = Failures.of(impatient.create(request(ID, Map.of("template", template.toString()))));

        assertThat(failure.reason()).isEqualTo(Reason.TIMED_OUT);
        assertThat(Files.readAllLines(pids))
                .hasSize(2)
                .allSatisfy(pid -> assertThat(isAlive(pid)).isFalse());
        assertThat(remains()).isEmpty();
    }

    @Test
    void a_template_that_talks_without_end_is_kept_bounded() throws IOException {
        Path template = template("yes 'all work and no play' | head -c 20000000 >&2; echo at last >&2; exit 1");
        DriverException failure = Failures.of(driver.create(request(ID, Map.of("template", template.toString()))));
        assertThat(failure.getMessage().length()).isLessThan(3_000);
        assertThat(failure).hasMessageContaining("at last");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a b", "-rf", "ü", "a;id", "$(id)", "x'y"})
    void a_name_that_is_too_odd_to_create_is_refused(String name) throws IOException {
        DriverException failure = Failures.of(driver.create(request(new ContainerId(name), Map.of())));
        assertThat(failure.reason()).isEqualTo(Reason.INVALID);
        assertThat(failure).hasMessage("no container can be called \"" + name + "\"");
        assertThat(remains()).isEmpty();
    }

    @Test
    void a_container_of_an_odd_name_that_exists_can_be_used() throws IOException {
        ContainerId plain = new ContainerId("plain");
        ContainerId odd = new ContainerId("-o dd;$x");
        driver.create(request(plain, Map.of())).blockingAwait();
        Files.move(lxcPath.resolve("plain"), lxcPath.resolve(odd.value()));
        Path config = lxcPath.resolve(odd.value()).resolve("config");
        Files.writeString(config, Files.readString(config).replace("/plain/", "/" + odd.value() + "/"));

        driver.start(odd).blockingAwait();
        assertThat(driver.exec(odd, Command.of(BusWatcher.GENEROUS, List.of("hostname")))
                        .blockingGet()
                        .stdout())
                .isEqualTo("plain\n");
        driver.stop(odd, GRACE).blockingAwait();
        driver.destroy(odd).blockingAwait();
        assertThat(remains()).isEmpty();
    }

    @Test
    void a_command_inside_gets_its_arguments_its_input_and_a_clean_environment() {
        driver.create(request(ID, Map.of())).blockingAwait();
        Command cat = new Command(
                List.of("sh", "-c", "cat; env; echo \"$0|$1\"", "a b", "$(id)"),
                Optional.of("secret\n"),
                BusWatcher.GENEROUS,
                List.of("secret"));
        assertThat(Failures.of(driver.exec(ID, cat)).reason()).isEqualTo(Reason.WRONG_STATE);
        driver.start(ID).blockingAwait();
        CommandResult result = driver.exec(ID, cat).blockingGet();
        assertThat(result.stdout()).startsWith("***\n").endsWith("a b|$(id)\n").doesNotContain("OP_DBUS");
        assertThat(exec("sh", "-c", "exit 42").exit()).isEqualTo(42);
    }

    @Test
    void a_command_inside_that_hangs_is_ended() {
        driver.create(request(ID, Map.of())).blockingAwait();
        driver.start(ID).blockingAwait();
        CommandResult result = driver.exec(ID, Command.of(Duration.ofSeconds(1), List.of("sleep", "98765")))
                .blockingGet();
        assertThat(result.timedOut()).isTrue();
        eventually(() -> assertThat(sh("ps")).doesNotContain("98765"));
    }

    @Test
    void a_start_that_fails_says_why() throws IOException {
        driver.create(request(ID, Map.of())).blockingAwait();
        Path config = lxcPath.resolve("100/config");
        Files.writeString(config, Files.readString(config) + "lxc.net.0.link = no-such-bridge\n");
        DriverException failure = Failures.of(driver.start(ID));
        assertThat(failure.reason()).isEqualTo(Reason.REFUSED);
        assertThat(failure)
                .hasMessageStartingWith("container 100 was not started")
                .hasMessageContaining("no-such-bridge");
    }

    @Test
    void an_unprivileged_container_has_the_numbers_of_the_host() throws IOException {
        Path etc = Files.createDirectory(folder.resolve("etc"));
        LxcDriver mapping = new LxcDriver(runner, lxcPath, etc, BusWatcher.GENEROUS);
        DriverException failure = Failures.of(mapping.create(request(ID, Map.of("unprivileged", true))));
        assertThat(failure.reason()).isEqualTo(Reason.INVALID);
        assertThat(failure.remedy()).isEqualTo("add the line root:100000:65536 to " + etc.resolve("subuid"));

        // newuidmap(1) reads /etc only; the mount ends with this laboratory.
        mountOver("/etc/subuid", "joe:200000:65536\nroot:100000:65536\n");
        mountOver("/etc/subgid", "root:300000:65536\n");
        driver.create(request(ID, Map.of("unprivileged", true))).blockingAwait();
        driver.start(ID).blockingAwait();
        assertThat(sh("cat /proc/self/uid_map /proc/self/gid_map").replaceAll(" +", " "))
                .isEqualTo(" 0 100000 65536\n 0 300000 65536\n");
        assertThat(driver.describe(ID).blockingGet().properties()).containsEntry("unprivileged", true);
    }

    @Test
    void a_rootfs_elsewhere_is_made_and_goes_with_the_container() throws IOException {
        Path rootfs = folder.resolve("elsewhere/root");
        driver.create(request(ID, Map.of("rootfs", rootfs.toString()))).blockingAwait();
        assertThat(rootfs.resolve("sbin/init")).exists();
        assertThat(driver.describe(ID).blockingGet().properties()).containsEntry("rootfs", rootfs.toString());
        driver.start(ID).blockingAwait();
        assertThat(sh("hostname")).isEqualTo("100\n");

        DriverException taken =
                Failures.of(driver.create(request(new ContainerId("101"), Map.of("rootfs", rootfs.toString()))));
        assertThat(taken).hasMessage("rootfs " + rootfs + " exists and is not an empty folder");
        DriverException foreign =
                Failures.of(driver.create(request(new ContainerId("101"), Map.of("rootfs", "local-lvm:8"))));
        assertThat(foreign).hasMessageContaining("rootfs must be an absolute path for LXC");
        DriverException unknown =
                Failures.of(driver.create(request(new ContainerId("101"), Map.of("features", "keyctl=1"))));
        assertThat(unknown).hasMessage("the feature keyctl=1 is not known for LXC");
    }

    @Test
    void what_is_not_there_is_named() {
        assertThat(Failures.of(driver.start(ID)).reason()).isEqualTo(Reason.NO_SUCH_CONTAINER);
        assertThat(Failures.of(driver.stop(ID, GRACE)).reason()).isEqualTo(Reason.NO_SUCH_CONTAINER);
        assertThat(Failures.of(driver.destroy(ID)).reason()).isEqualTo(Reason.NO_SUCH_CONTAINER);
        assertThat(Failures.of(driver.set(ID, PropertyChanges.to(ContainerProperties.none()))))
                .hasMessage("there is no container 100 in " + lxcPath);
        assertThat(driver.list().blockingGet()).isEmpty();
    }

    private static NewContainer request(ContainerId id, Map<String, Object> properties) {
        return new NewContainer(id, new LinkName("vi100"), "vmbr0", ContainerProperties.of(properties));
    }

    private void mountOver(String file, String content) throws IOException {
        Laboratory.require();
        Path source = Files.writeString(folder.resolve(Path.of(file).getFileName()), content);
        CommandResult result = runner.run(
                        Command.of(BusWatcher.GENEROUS, List.of("mount", "--bind", source.toString(), file)))
                .blockingGet();
        assertThat(result.succeeded()).as(result.stderr()).isTrue();
    }

    private Path template(String script) throws IOException {
        Path template = Files.writeString(folder.resolve("template"), "#!/bin/sh\n" + script + "\n");
        return Files.setPosixFilePermissions(template, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private List<Path> remains() throws IOException {
        if (!Files.exists(lxcPath)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(lxcPath)) {
            return entries.toList();
        }
    }

    private String sh(String script) {
        return exec("sh", "-c", script).stdout();
    }

    private CommandResult exec(String... arguments) {
        return driver.exec(ID, Command.of(BusWatcher.GENEROUS, List.of(arguments)))
                .blockingGet();
    }

    private static String memoryFile() {
        return CgroupLimits.ofHost() == CgroupLimits.V2 ? "memory.max" : "memory.limit_in_bytes";
    }

    private static boolean isAlive(String pid) {
        try {
            String stat = Files.readString(Path.of("/proc", pid, "stat"));
            return !stat.substring(stat.lastIndexOf(')') + 2).startsWith("Z");
        } catch (IOException gone) {
            return false;
        }
    }
}
