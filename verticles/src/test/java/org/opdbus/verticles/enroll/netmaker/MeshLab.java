// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker;

import io.vertx.core.Deployable;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.opdbus.events.ContainerEvent.ContainerStarted;
import org.opdbus.events.ContainerId;
import org.opdbus.events.ContainerId.Kind;
import org.opdbus.events.MeshEvent.MeshJoined;
import org.opdbus.events.Workload.LxcContainer;
import org.opdbus.ledger.LedgerOptions;
import org.opdbus.ledger.read.EntryFilter;
import org.opdbus.ledger.read.LedgerReader;
import org.opdbus.ledger.write.FileLedger;
import org.opdbus.verticles.bus.Bus;
import org.opdbus.verticles.commit.CommitVerticle;
import org.opdbus.verticles.driver.CommandRunner;
import org.opdbus.verticles.driver.GuestAccess;
import org.opdbus.verticles.driver.engine.EngineGuests;
import org.opdbus.verticles.driver.engine.GuestsOfKinds;
import org.opdbus.verticles.driver.lxc.LxcDriver;
import org.opdbus.verticles.enroll.netmaker.plan.MeshStatus;
import org.opdbus.verticles.enroll.netmaker.plan.MeshTimes;
import org.opdbus.verticles.enroll.netmaker.server.KeyOptions;
import org.opdbus.verticles.enroll.netmaker.server.MeshServer;
import org.opdbus.verticles.kernel.netlink.NetworkNamespace;
import org.opdbus.verticles.kernel.netlink.RtNetlink;
import org.opdbus.verticles.lxc.LxcOptions;
import org.opdbus.verticles.lxc.LxcVerticle;
import org.opdbus.verticles.plan.MeshIntent;
import org.opdbus.verticles.testing.BusWatcher;
import org.opdbus.verticles.testing.Eventually;
import org.opdbus.verticles.testing.Links;
import org.opdbus.verticles.testing.LxcContainers;
import org.opdbus.verticles.testing.LxcContainers.Definition;
import org.opdbus.verticles.testing.PrivateEngine;

/** Real containers on a bridge, where a mesh server's double can be reached, and a keeper of meshes that hears of them. */
final class MeshLab implements AutoCloseable {
    static final MeshTimes QUICK = new MeshTimes(
            Duration.ofSeconds(20),
            Duration.ofMinutes(1),
            Duration.ofSeconds(10),
            Duration.ofMillis(100),
            Duration.ofMillis(500),
            Duration.ofMillis(300),
            Duration.ofMinutes(3),
            Duration.ofMillis(300));

    /** The same, but a busy machine may take its time to leave. */
    static final MeshTimes PATIENT = new MeshTimes(
            QUICK.join(),
            QUICK.confirm(),
            Duration.ofMinutes(2),
            QUICK.retryFirst(),
            QUICK.retryLast(),
            QUICK.health(),
            QUICK.silence(),
            QUICK.status());

    /** The same, but nothing is looked at again in turn before the test is over. */
    static final MeshTimes WITHOUT_TURNS = new MeshTimes(
            QUICK.join(),
            QUICK.confirm(),
            QUICK.leave(),
            Duration.ofHours(1),
            Duration.ofHours(1),
            Duration.ofHours(1),
            QUICK.silence(),
            Duration.ofHours(1));

    /** The same, with other limits for a join, for its confirmation, and for silent peers. */
    static MeshTimes times(Duration join, Duration confirm, Duration silence) {
        return new MeshTimes(
                join,
                confirm,
                QUICK.leave(),
                QUICK.retryFirst(),
                QUICK.retryLast(),
                QUICK.health(),
                silence,
                QUICK.status());
    }

    private static final String BRIDGE = "nmbr0";
    private static final String HOST = "10.9.0.1";
    private static final int PORT = 8443;

    final Vertx vertx = Vertx.vertx();
    final Bus bus = new Bus(vertx);
    final BusWatcher events = new BusWatcher(bus);
    final LxcContainers containers = new LxcContainers();
    final Path folder;
    final MeshServer server;
    final Map<ContainerId, MeshIntent> intents = new ConcurrentHashMap<>();

    private final TokenHunt hunt;
    private final FileLedger ledger;
    private final CommandRunner runner = new CommandRunner(NetmakerVerticle.COMMANDS_MAX);
    private final List<Path> rootFolders = new ArrayList<>();
    private GuestAccess docker = EngineGuests.docker(runner, "/nonexistent");
    private GuestAccess podman = EngineGuests.podman(runner, "/nonexistent");
    private boolean minting;
    private boolean rejoin = true;
    private String keeperId = "";
    private int nextAddress = 11;

    MeshLab() {
        Links.addBridge(BRIDGE);
        Links.ip("address", "add", HOST + "/24", "dev", BRIDGE);
        Links.setUp(BRIDGE);
        server = new MeshServer(HOST, PORT);
        hunt = new TokenHunt(server);
        try {
            folder = Files.createTempDirectory("netmaker");
            ledger = FileLedger.open(LedgerOptions.of(folder.resolve("ledger"), "test"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        deploy(new CommitVerticle(bus, ledger));
    }

    /** Starts the verticle, and the source of containers. */
    MeshCommands start(MeshTimes times) {
        MeshCommands meshes = keeper(times);
        deploy(new LxcVerticle(bus, LxcOptions.of(containers.lxcPath().toString())));
        return meshes;
    }

    /** Starts the verticle, and no source of containers: it does not hear of those that exist. */
    MeshCommands keeper(MeshTimes times) {
        NetmakerVerticle verticle = new NetmakerVerticle(
                bus,
                new NetmakerOptions(
                        envFile(),
                        "netclient",
                        records(),
                        minting ? Optional.of(minting()) : Optional.empty(),
                        Optional.of(MeshServer.certificate()),
                        rejoin,
                        times),
                new GuestsOfKinds(new LxcDriver(runner, containers.lxcPath()), docker, podman),
                id -> Optional.ofNullable(intents.get(id)));
        keeperId = deploy(verticle);
        return verticle.commands();
    }

    /** Stops the verticle, as the end of the agent does. */
    void stopKeeper() {
        vertx.undeploy(keeperId).toCompletionStage().toCompletableFuture().join();
    }

    /** A keeper that starts from now on reaches the containers of this engine. */
    void use(Kind kind, PrivateEngine engine) {
        String socket = engine.socket().toString();
        if (kind == Kind.DOCKER) {
            docker = EngineGuests.docker(runner, socket);
        } else {
            podman = EngineGuests.podman(runner, socket);
        }
    }

    /** Puts a container of an engine onto the bridge, as the handlers of links and ports do. */
    void connect(PrivateEngine engine, String name) {
        String pid = Long.toString(engine.initPid(name));
        String port = "vi" + name;
        Links.ip("link", "add", port, "type", "veth", "peer", "name", "eth0", "netns", pid);
        Links.setMaster(port, BRIDGE);
        Links.setUp(port);
        NetworkNamespace inside = NetworkNamespace.ofProcess(engine.initPid(name));
        try (inside;
                RtNetlink there = RtNetlink.open(inside)) {
            int index = there.link("eth0").orElseThrow().index();
            there.replaceAddress(index, inet("10.9.0." + nextAddress++), 24);
            there.setUp(index, true);
            there.replaceDefaultRoute(index, inet(HOST));
        }
    }

    private static Inet4Address inet(String address) {
        try {
            return (Inet4Address) InetAddress.getByName(address);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    /** From now on a keeper makes a key for each container that names no token. */
    void mintKeys() {
        minting = true;
        privately(credentialFile(), server.credential());
    }

    /** From now on a keeper lets a container stay out that was deleted on its server. */
    void stayOut() {
        rejoin = false;
    }

    private KeyOptions minting() {
        return new KeyOptions(URI.create("https://" + server.api()), credentialFile(), List.of(MeshServer.NETWORK));
    }

    Path credentialFile() {
        return folder.resolve("netmaker.key");
    }

    Path records() {
        return folder.resolve("records");
    }

    /** What has been logged since this began. */
    List<String> logged() {
        return hunt.logged();
    }

    /** The entries of the ledger about this container, as {@code kind {data}}. */
    List<String> ledgerOf(ContainerId id) {
        List<String> entries = new ArrayList<>();
        LedgerReader.of(folder.resolve("ledger")).search(EntryFilter.ALL, entry -> {
            if (entry.subject().equals(id.value())) {
                entries.add(entry.kind() + " " + entry.data());
            }
        });
        return entries;
    }

    private String deploy(Deployable verticle) {
        return vertx.deployVerticle(verticle)
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    Path envFile() {
        return folder.resolve("netmaker.env");
    }

    /** Makes this the whole file of tokens. */
    void tokens(String... lines) {
        privately(envFile(), lines);
    }

    private static void privately(Path file, String... lines) {
        try {
            Files.write(file, List.of(lines));
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes a container that is to join with the token of this name. */
    ContainerId create(String id, String tokenName) {
        return create(id, tokenName, true, true);
    }

    ContainerId create(String id, String tokenName, boolean netclient, boolean tun) {
        Definition definition = Definition.of(id)
                .link(BRIDGE)
                .address("10.9.0." + nextAddress++ + "/24")
                .line("lxc.net.0.ipv4.gateway = " + HOST)
                .line("lxc.mount.entry = /usr/bin/wg usr/bin/wg none ro,bind,create=file")
                .line("lxc.mount.entry = /usr/bin/wireguard-go usr/bin/wireguard-go none ro,bind,create=file");
        if (tun) {
            definition = definition.line("lxc.mount.entry = /dev/net/tun dev/net/tun none bind,create=file");
        }
        ContainerId container = new ContainerId(id);
        intents.put(container, new MeshIntent(Optional.of(tokenName).filter(name -> !name.isEmpty())));
        containers.create(definition);
        rootFolders.add(containers.rootfs(id));
        if (netclient) {
            putNetclient(id);
        }
        return container;
    }

    /** Makes a container whose init is this host's systemd, with netclient in /usr/bin, that is to join with this token. */
    ContainerId createWithSystemd(String id, String tokenName) {
        ContainerId container = create(id, tokenName, true, true);
        try {
            Path root = containers.rootfs(id);
            Files.delete(root.resolve("sbin/init"));
            Files.createSymbolicLink(root.resolve("sbin/init"), Path.of("/lib/systemd/systemd"));
            Files.copy(Path.of("/usr/bin/systemctl"), root.resolve("usr/bin/systemctl"));
            Path units = Files.createDirectories(root.resolve("etc/systemd/system"));
            Files.createSymbolicLink(units.resolve("default.target"), Path.of("/lib/systemd/system/multi-user.target"));
            // What this container has no programs or users for.
            for (String unit :
                    List.of("dbus.service", "dbus.socket", "systemd-logind.service", "console-getty.service")) {
                Files.createSymbolicLink(units.resolve(unit), Path.of("/dev/null"));
            }
            Files.writeString(root.resolve("etc/machine-id"), "");
            Files.createDirectories(root.resolve("run"));
            Files.createDirectories(root.resolve("root"));
            Files.writeString(containers.lxcPath().resolve(id).resolve("config"), """
                    lxc.signal.halt = SIGRTMIN+3
                    lxc.mount.auto = proc:rw sys:rw cgroup:rw
                    lxc.tty.max = 0
                    lxc.cap.drop =
                    """, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException("needs the Debian package systemd", e);
        }
        return container;
    }

    void putNetclient(String id) {
        NetclientDouble.put(containers.rootfs(id));
    }

    /** Tells netclient's double in a container how to behave. */
    void tell(String id, String what) {
        NetclientDouble.tell(containers.rootfs(id), what);
    }

    /** What a user does who has netclient begin anew: no daemon, no files, no interface. */
    void forgetIdentity(String id) {
        containers.attach(id, "sh", "-c", NetclientDouble.FORGET);
    }

    /** Gives a container that is stopped the identity of another one, as a copy of the whole container would. */
    void copyIdentity(String from, String to) {
        Path target = containers.rootfs(to).resolve("etc/netclient");
        try (DirectoryStream<Path> files =
                Files.newDirectoryStream(containers.rootfs(from).resolve("etc/netclient"))) {
            Files.createDirectories(target);
            for (Path file : files) {
                Files.copy(file, target.resolve(file.getFileName()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A join that is not the agent's. */
    void joinByHand(String id, String token) {
        NetclientDouble.putToken(containers.rootfs(id), token);
        containers.attach(id, "sh", "-c", NetclientDouble.JOIN_BY_HAND);
    }

    /** Runs a shell's command line in a container, and does not wait for it. */
    void inBackground(String id, String command) {
        containers.attach(id, "sh", "-c", "{ " + command + "; } </dev/null >/dev/null 2>&1 &");
    }

    /** Starts netclient's daemon, as the container's own init would. */
    void startDaemon(String id) {
        containers.attach(id, "sh", "-c", "setsid /usr/bin/netclient daemon </dev/null >/dev/null 2>&1 &");
    }

    /** Tells the keeper of a container that runs, as the watch over containers does at the start. */
    void tellStarted(String id) {
        bus.publish(new ContainerStarted(
                new LxcContainer(new ContainerId(id), containers.lxcPath().toString()), containers.initPid(id)));
    }

    /** From now on each peer of the container was heard so many seconds ago, as far as wg tells. */
    void heardAgo(String id, long seconds) {
        NetclientDouble.heardAgo(containers.rootfs(id), seconds);
    }

    /** Waits until the keeper has asked so many times more when the container's peers were heard. */
    void awaitQuestions(String id, int more) {
        int before = NetclientDouble.questions(containers.rootfs(id));
        Eventually.eventually(() -> {
            if (NetclientDouble.questions(containers.rootfs(id)) < before + more) {
                throw new AssertionError(
                        "asked " + NetclientDouble.questions(containers.rootfs(id)) + " times, " + before + " before");
            }
        });
    }

    MeshJoined joined(ContainerId id) {
        return events.expect(MeshJoined.class, event -> event.container().equals(id));
    }

    /** How the container stands that is to be in a mesh. */
    MeshStatus status(MeshCommands meshes, ContainerId id) {
        return meshes.status().blockingGet().stream()
                .filter(status -> status.container().equals(id))
                .findFirst()
                .orElseThrow(() -> new AssertionError("nothing is known of " + id));
    }

    /** Ends everything, and fails if a secret of the server's was anywhere where it must not be. */
    @Override
    public void close() {
        try {
            events.close();
            vertx.close().toCompletionStage().toCompletableFuture().join();
            ledger.close();
            hunt.assertAbsent(events.seen().stream()
                    .map(event -> event + " " + event.data())
                    .toList());
            hunt.assertAbsentBelow(folder, envFile(), credentialFile());
            rootFolders.stream().filter(Files::isDirectory).forEach(root -> hunt.assertAbsentBelow(root));
        } finally {
            containers.close();
            runner.close();
            server.close();
            Links.delete(BRIDGE);
            hunt.close();
        }
    }
}
