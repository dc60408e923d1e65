// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lxc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.opdbus.events.AgentEvent.Source;
import org.opdbus.events.AgentEvent.SourceListed;
import org.opdbus.events.ContainerEvent;
import org.opdbus.events.ContainerEvent.ContainerDefined;
import org.opdbus.events.ContainerEvent.ContainerRemoved;
import org.opdbus.events.ContainerEvent.ContainerStarted;
import org.opdbus.events.ContainerEvent.ContainerStopped;
import org.opdbus.events.ContainerId;
import org.opdbus.events.LinkEvent.LinkAppeared;
import org.opdbus.events.Workload.LxcContainer;
import org.opdbus.verticles.bus.Bus;
import org.opdbus.verticles.testing.BusWatcher;
import org.opdbus.verticles.testing.LxcContainers;
import org.opdbus.verticles.testing.LxcContainers.Definition;

/** No test here publishes a link: every start is noticed without netlink, and long before the next listing. */
class LxcVerticleIT {
    /** No test gets help from a periodic listing. */
    private static final long NEVER_MS = TimeUnit.HOURS.toMillis(1);
    /** Another name of the lxc.path. */
    private static final Path ALIAS = Path.of("/var/tmp/op-dbus-alias");

    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = new Bus(vertx);
    private final BusWatcher events = new BusWatcher(bus);
    private final LxcContainers containers = new LxcContainers();
    private final ControlGroups groups = new ControlGroups();
    private final CountedSockets sockets = new CountedSockets();

    @AfterEach
    void close() throws IOException {
        containers.close();
        Files.deleteIfExists(ALIAS);
        groups.close();
        events.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void a_container_is_defined_started_stopped_and_removed() {
        LxcVerticle source = watch(containers.lxcPath());

        containers.create("one");
        events.expect(ContainerDefined.class, event -> event.subject().equals("one"));
        containers.start("one");
        ContainerStarted started = started("one");
        assertThat(started.initPid()).isEqualTo(containers.initPid("one"));
        assertThat(started.container())
                .isEqualTo(new LxcContainer(
                        started.container().id(), containers.lxcPath().toString()));
        assertThat(observe(source, "one")).isEqualTo(new Observed.Running(started.initPid()));

        containers.stop("one");
        stopped("one");
        assertThat(observe(source, "one")).isEqualTo(new Observed.Stopped());
        containers.destroy("one");
        events.expect(ContainerRemoved.class, event -> event.subject().equals("one"));
        assertThat(story("one")).containsExactly("Defined", "Started", "Stopped", "Removed");
    }

    @Test
    void containers_that_run_already_are_listed_before_the_source_says_that_it_has_listed() {
        containers.create("a").create("b").create("idle").startAll(List.of("a", "b"));

        watch(containers.lxcPath());

        SourceListed listed = events.expect(SourceListed.class, event -> event.source() == Source.LXC);
        assertThat(listed.count()).isEqualTo(3);
        List<String> kinds = events.seen().stream()
                .takeWhile(event -> !(event instanceof SourceListed))
                .map(event -> event.kind() + " " + event.subject())
                .toList();
        assertThat(kinds)
                .containsExactlyInAnyOrder(
                        "container.defined a",
                        "container.defined b",
                        "container.defined idle",
                        "container.started a",
                        "container.started b");
    }

    @Test
    void a_container_without_any_link_is_heard() {
        watch(containers.lxcPath());
        containers.create(Definition.of("lonely").withoutNetwork()).start("lonely");
        started("lonely");
    }

    @Test
    void a_start_in_the_foreground_and_one_by_lxc_execute_are_heard() throws Exception {
        watch(containers.lxcPath());
        containers.create("front").create("once");

        Process front = containers.startInForeground("front");
        started("front");
        containers.stop("front");
        stopped("front");
        assertThat(front.waitFor(60, TimeUnit.SECONDS)).isTrue();

        Process once = containers.execute("once", "/bin/sleep", "1");
        started("once");
        stopped("once");
        assertThat(once.waitFor(60, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void a_reboot_from_inside_is_a_stop_and_a_start_with_another_init() {
        watch(containers.lxcPath());
        containers.create("again").start("again");
        long first = started("again").initPid();

        containers.attach("again", "reboot", "-f");

        ContainerStarted second = events.expect(
                ContainerStarted.class, event -> event.subject().equals("again") && event.initPid() != first);
        assertThat(second.initPid()).isEqualTo(containers.initPid("again"));
        assertThat(story("again")).containsExactly("Defined", "Started", "Stopped", "Started");
    }

    @Test
    void the_death_of_init_is_heard() throws IOException {
        watch(containers.lxcPath());
        containers.create("crash").start("crash");
        kill(started("crash").initPid());
        stopped("crash");
        eventually(() -> assertThat(containers.state("crash")).isEqualTo("STOPPED"));
        containers.start("crash");
        events.expect(ContainerStarted.class, event -> event.initPid() == containers.initPid("crash"));
        assertThat(story("crash")).containsExactly("Defined", "Started", "Stopped", "Started");
    }

    @Test
    void the_death_of_the_monitor_that_takes_init_along_is_a_stop() throws IOException {
        watch(containers.lxcPath());
        containers.create("orphan").start("orphan");
        killMonitor(started("orphan").initPid());
        stopped("orphan");
        assertThat(story("orphan")).containsExactly("Defined", "Started", "Stopped");
    }

    @Test
    void a_container_whose_monitor_died_is_not_said_to_have_stopped_as_long_as_its_init_lives() throws IOException {
        LxcVerticle source = watch(containers.lxcPath());
        containers
                .create(Definition.of("orphan").line("lxc.monitor.signal.pdeath = 0"))
                .start("orphan");
        long init = started("orphan").initPid();

        killMonitor(init);
        eventually(() -> assertThat(containers.state("orphan")).isEqualTo("STOPPED"));
        assertThat(Files.exists(Path.of("/proc/" + init))).isTrue();
        assertThat(observe(source, "orphan")).isEqualTo(new Observed.Running(init));
        assertThat(story("orphan")).containsExactly("Defined", "Started");

        kill(init);
        assertThat(stopped("orphan").reason()).contains("init has exited");
        eventually(() -> assertThat(observe(source, "orphan")).isEqualTo(new Observed.Stopped()));
    }

    @Test
    void a_container_that_is_started_while_an_old_init_of_it_lives_on_is_heard_by_its_new_init() throws IOException {
        watch(containers.lxcPath());
        containers
                .create(Definition.of("twice").withoutNetwork().line("lxc.monitor.signal.pdeath = 0"))
                .start("twice");
        long first = started("twice").initPid();
        killMonitor(first);
        eventually(() -> assertThat(containers.state("twice")).isEqualTo("STOPPED"));

        containers.start("twice");
        events.expect(ContainerStarted.class, event -> event.subject().equals("twice") && event.initPid() != first);
        kill(first);
        containers.stop("twice");
        eventually(() ->
                assertThat(story("twice")).containsExactly("Defined", "Started", "Stopped", "Started", "Stopped"));
    }

    @Test
    void a_start_is_published_when_lxc_has_finished_it_and_a_failed_one_is_not() throws Exception {
        deploy(new LxcOptions(containers.lxcPath().toString(), 200, 100));
        Path go = containers.lxcPath().resolveSibling("go");
        containers.create(Definition.of("slow")
                .line("lxc.hook.start-host = " + hook("until [ -e " + go + " ]; do sleep 0.1; done")));
        containers.create(Definition.of("bad").line("lxc.hook.start-host = " + hook("exit 1")));

        assertThat(containers.startInForeground("bad").waitFor()).isNotZero();
        containers.startInForeground("slow");
        eventually(() -> assertThat(ListeningSockets.read()).containsKey(containers.lxcPath() + "/slow/command"));
        int listed = events.seen(SourceListed.class).size();
        eventually(() -> assertThat(events.seen(SourceListed.class).size()).isGreaterThan(listed + 2));
        assertThat(story("slow")).containsExactly("Defined");

        Files.createFile(go);
        started("slow");
        assertThat(story("bad")).containsExactly("Defined");
    }

    @Test
    void two_hundred_starts_and_stops_are_each_heard_once() {
        watch(containers.lxcPath());
        containers.create("busy");
        for (int cycle = 1; cycle <= 200; cycle++) {
            int starts = cycle;
            containers.start("busy");
            // A container that ends before a busy machine could ask for its init leaves no event.
            eventually(() -> assertThat(events.seen(ContainerStarted.class)).hasSize(starts));
            containers.stop("busy");
        }
        eventually(() -> assertThat(events.seen(ContainerStopped.class)).hasSize(200));
        List<String> expected = IntStream.range(0, 401)
                .mapToObj(i -> i == 0 ? "Defined" : i % 2 == 1 ? "Started" : "Stopped")
                .toList();
        assertThat(story("busy")).isEqualTo(expected);
    }

    @Test
    void twenty_containers_started_at_once_are_each_heard_once() {
        watch(containers.lxcPath());
        List<String> ids = IntStream.range(0, 20).mapToObj(i -> "c" + i).toList();
        ids.forEach(containers::create);
        containers.startAll(ids);
        ids.forEach(id -> assertThat(started(id).initPid()).isEqualTo(containers.initPid(id)));
        containers.stopAll(ids);
        ids.forEach(this::stopped);
        assertThat(ids).allSatisfy(id -> assertThat(story(id)).containsExactly("Defined", "Started", "Stopped"));
    }

    @Test
    void a_path_that_appears_later_goes_and_comes_back_is_watched() throws IOException {
        Path hidden = containers.lxcPath().resolveSibling("hidden");
        Files.move(containers.lxcPath(), hidden);
        watch(containers.lxcPath());
        events.expect(SourceListed.class, event -> event.count() == 0);

        Files.move(hidden, containers.lxcPath());
        containers.create("late").start("late");
        started("late");
        containers.stop("late");
        stopped("late");
        Files.move(containers.lxcPath(), hidden);
        events.expect(ContainerRemoved.class, event -> event.subject().equals("late"));
        Files.move(hidden, containers.lxcPath());
        eventually(
                () -> assertThat(story("late")).containsExactly("Defined", "Started", "Stopped", "Removed", "Defined"));
    }

    @Test
    void a_path_that_is_a_symbolic_link_hears_starts_under_either_name() throws IOException {
        Path link = containers.lxcPath().resolveSibling("link");
        Files.createSymbolicLink(link, containers.lxcPath());
        LxcVerticle source = watch(link);
        containers.create("linked").start("linked");
        ContainerStarted started = started("linked");
        assertThat(started.container())
                .isEqualTo(new LxcContainer(started.container().id(), link.toString()));
        assertThat(observe(source, "linked")).isEqualTo(new Observed.Running(started.initPid()));
    }

    @Test
    void names_just_short_enough_and_just_too_long_for_a_socket_are_heard() {
        LxcVerticle source = watch(containers.lxcPath());
        int fits = 105 - (containers.lxcPath() + "//command").length();
        for (int length : List.of(fits, fits + 1)) {
            String id = "x".repeat(length);
            containers.create(Definition.of(id).line("lxc.uts.name = short").withoutNetwork());
            containers.start(id);
            assertThat(observe(source, id))
                    .isEqualTo(new Observed.Running(started(id).initPid()));
            containers.stop(id);
            stopped(id);
        }
    }

    @Test
    void lxc_monitord_makes_no_difference_present_absent_or_killed() throws Exception {
        watch(containers.lxcPath());
        containers.create("m");
        Process monitor = new ProcessBuilder(
                        "lxc-monitor", "-P", containers.lxcPath().toString(), "-n", ".*")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        eventually(() -> assertThat(monitord()).isNotEmpty());
        containers.start("m");
        started("m");
        containers.stop("m");
        stopped("m");
        monitord().forEach(ProcessHandle::destroyForcibly);
        eventually(() -> assertThat(monitord()).isEmpty());
        monitor.destroyForcibly();
        containers.start("m");
        eventually(() -> assertThat(story("m")).containsExactly("Defined", "Started", "Stopped", "Started"));
    }

    @Test
    void a_start_that_leaves_no_trace_is_found_by_the_next_listing() throws Exception {
        deploy(new LxcOptions(containers.lxcPath().toString(), 500, 1000));
        startWithoutTrace(Definition.of("x").withoutNetwork());
        started("x");
        run("lxc-stop", "-k", "-P", alias().toString(), "-n", "x");
        stopped("x");
    }

    @Test
    void a_start_that_leaves_no_trace_but_a_link_is_found_by_a_look() throws Exception {
        watch(containers.lxcPath());
        startWithoutTrace(Definition.of("x"));
        bus.publish(new LinkAppeared(UnexplainedLinksTest.link(12, 7)));
        started("x");
        run("lxc-stop", "-k", "-P", alias().toString(), "-n", "x");
        stopped("x");
    }

    @Test
    void a_start_with_control_groups_elsewhere_is_heard_without_a_look() throws Exception {
        watch(containers.lxcPath());
        String id = "elsewhere-" + UUID.randomUUID();
        containers.create(Definition.of(id).withoutNetwork().line("lxc.cgroup.dir = " + ownGroups() + "/" + id));
        containers.start(id);
        started(id);
        containers.stop(id);
        stopped(id);
        assertThat(sockets.reads()).isEqualTo(1);
    }

    /** Its lock file is under another name of the path; its control groups show its name. */
    @Test
    void a_start_under_another_name_of_the_path_is_found_by_one_look_and_the_next_without() throws Exception {
        watch(containers.lxcPath());
        String id = "alias-" + UUID.randomUUID();
        containers.create(Definition.of(id).withoutNetwork());
        events.expect(ContainerDefined.class, event -> event.subject().equals(id));
        for (int starts = 1; starts <= 2; starts++) {
            int expected = starts;
            run("lxc-start", "-P", alias().toString(), "-n", id);
            eventually(() -> assertThat(events.seen(ContainerStarted.class)).hasSize(expected));
            run("lxc-stop", "-k", "-P", alias().toString(), "-n", id);
            eventually(() -> assertThat(events.seen(ContainerStopped.class)).hasSize(expected));
        }
        assertThat(sockets.reads()).isEqualTo(2);
    }

    /**
     * Its lock file is under another name of the path, and its control groups are in folders of their own: none of them is
     * watched.
     */
    private void startWithoutTrace(Definition definition) throws Exception {
        containers.create(definition.line("lxc.cgroup.dir = " + ownGroups() + "/x"));
        events.expect(ContainerDefined.class, event -> event.subject().equals("x"));
        run("lxc-start", "-P", alias().toString(), "-n", "x");
    }

    /** Returns the name of a folder of control groups that exists in each hierarchy. */
    private String ownGroups() throws IOException {
        String folder = "op-dbus-" + UUID.randomUUID();
        groups.add(folder);
        for (String root : List.of("", "unified", "systemd")) {
            Path hierarchy = Path.of("/sys/fs/cgroup").resolve(root);
            if (Files.exists(hierarchy.resolve("cgroup.procs"))) {
                Files.createDirectory(hierarchy.resolve(folder));
            }
        }
        return folder;
    }

    private Path alias() throws IOException {
        return Files.exists(ALIAS, LinkOption.NOFOLLOW_LINKS)
                ? ALIAS
                : Files.createSymbolicLink(ALIAS, containers.lxcPath());
    }

    /** From then on LXC removes no control group of that container. */
    private void killMonitor(long init) throws IOException {
        groups.addOf(init);
        groups.addOf(parent(init));
        kill(parent(init));
    }

    private Path hook(String line) throws IOException {
        Path script = Files.createTempFile(containers.lxcPath().getParent(), "hook", ".sh");
        Files.writeString(script, "#!/bin/sh\n" + line + "\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        return script;
    }

    private static void run(String... command) throws Exception {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(process.waitFor()).isZero();
    }

    @Test
    void a_monitor_of_another_user_is_not_believed() throws IOException {
        LxcVerticle source = watch(containers.lxcPath());
        Process own = fakeMonitor("0", "own");
        openLock("own");
        // Root is trusted, so the next check shows that the user decides.
        assertThat(started("own").initPid()).isEqualTo(ProcessHandle.current().pid());

        Process stranger = fakeMonitor("65534", "stranger");
        openLock("stranger");
        containers.create("one").start("one");
        started("one");
        containers.create("two").start("two");
        started("two");

        assertThat(story("stranger")).isEmpty();
        assertThat(observe(source, "stranger")).isEqualTo(new Observed.Stopped());
        stranger.destroyForcibly();
        own.destroyForcibly();
    }

    /** Leaves the trace of a start. */
    private void openLock(String id) throws IOException {
        Path locks = Files.createDirectories(Path.of("/run/lxc/lock" + containers.lxcPath()));
        Files.writeString(locks.resolve("." + id), "");
    }

    /** Listens as a container's monitor does, and names this process as the container's init. */
    private Process fakeMonitor(String user, String id) throws IOException {
        Process monitor = new ProcessBuilder(
                        "setpriv",
                        "--reuid",
                        user,
                        "--regid",
                        user,
                        "--clear-groups",
                        "perl",
                        "-e",
                        """
                        use Socket; $| = 1;
                        socket(S, PF_UNIX, SOCK_STREAM, 0) or die; bind(S, pack("S a*", 1, "\\0$ARGV[0]")) or die;
                        listen(S, 5) or die; print "ready\\n";
                        while (accept(C, S)) { sysread(C, $request, 16); syswrite(C, pack("l l q", 0, 0, $ARGV[1])); }
                        """,
                        CommandName.of(containers.lxcPath().toString(), id),
                        Long.toString(ProcessHandle.current().pid()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(monitor.inputReader().readLine()).isEqualTo("ready");
        return monitor;
    }

    private LxcVerticle watch(Path lxcPath) {
        return deploy(new LxcOptions(lxcPath.toString(), NEVER_MS, 5_000));
    }

    private LxcVerticle deploy(LxcOptions options) {
        LxcVerticle source = new LxcVerticle(bus, options, sockets);
        vertx.deployVerticle(source).toCompletionStage().toCompletableFuture().join();
        return source;
    }

    private Observed observe(LxcVerticle source, String id) {
        return source.observe(new ContainerId(id)).blockingGet();
    }

    private ContainerStarted started(String id) {
        return events.expect(ContainerStarted.class, event -> event.subject().equals(id));
    }

    private ContainerStopped stopped(String id) {
        return events.expect(ContainerStopped.class, event -> event.subject().equals(id));
    }

    private List<String> story(String id) {
        return events.seen(ContainerEvent.class).stream()
                .filter(event -> event.subject().equals(id))
                .map(event -> event.getClass().getSimpleName().substring("Container".length()))
                .toList();
    }

    private static List<ProcessHandle> monitord() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().command().orElse("").endsWith("lxc-monitord") && process.isAlive())
                .toList();
    }

    private static void kill(long pid) {
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
    }

    private static long parent(long pid) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
                .filter(line -> line.startsWith("PPid:"))
                .mapToLong(line -> Long.parseLong(line.substring(5).strip()))
                .findFirst()
                .orElseThrow();
    }
}
