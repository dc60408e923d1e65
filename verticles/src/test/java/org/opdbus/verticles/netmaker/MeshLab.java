// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.netmaker;

import io.vertx.core.Deployable;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.opdbus.events.ContainerId;
import org.opdbus.events.MeshEvent.MeshJoined;
import org.opdbus.verticles.bus.Bus;
import org.opdbus.verticles.driver.CommandRunner;
import org.opdbus.verticles.driver.LxcDriver;
import org.opdbus.verticles.lxc.LxcOptions;
import org.opdbus.verticles.lxc.LxcVerticle;
import org.opdbus.verticles.netmaker.NetmakerOptions.Times;
import org.opdbus.verticles.testing.BusWatcher;
import org.opdbus.verticles.testing.Links;
import org.opdbus.verticles.testing.LxcContainers;
import org.opdbus.verticles.testing.LxcContainers.Definition;

/** Real containers on a bridge, where a mesh server's double can be reached, and a keeper of meshes that hears of them. */
final class MeshLab implements AutoCloseable {
    static final Times QUICK = new Times(
            Duration.ofSeconds(20),
            Duration.ofMinutes(1),
            Duration.ofSeconds(10),
            Duration.ofMillis(100),
            Duration.ofMillis(500),
            Duration.ofMillis(300));

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

    private final CommandRunner runner = new CommandRunner();
    private int nextAddress = 11;

    MeshLab() {
        Links.addBridge(BRIDGE);
        Links.ip("address", "add", HOST + "/24", "dev", BRIDGE);
        Links.setUp(BRIDGE);
        server = new MeshServer(HOST, PORT);
        try {
            folder = Files.createTempDirectory("netmaker");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    NetmakerVerticle start(Times times) {
        NetmakerVerticle verticle = new NetmakerVerticle(
                bus,
                new NetmakerOptions(envFile(), "netclient", folder.resolve("records"), "http", times),
                new LxcDriver(runner, containers.lxcPath()),
                id -> Optional.ofNullable(intents.get(id)));
        deploy(verticle);
        deploy(new LxcVerticle(bus, LxcOptions.of(containers.lxcPath().toString())));
        return verticle;
    }

    private void deploy(Deployable verticle) {
        vertx.deployVerticle(verticle).toCompletionStage().toCompletableFuture().join();
    }

    Path envFile() {
        return folder.resolve("netmaker.env");
    }

    /** Makes this the whole file of tokens. */
    void tokens(String... lines) {
        try {
            Files.write(envFile(), List.of(lines));
            Files.setPosixFilePermissions(envFile(), PosixFilePermissions.fromString("rw-------"));
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
        intents.put(container, new MeshIntent(tokenName));
        containers.create(definition);
        if (netclient) {
            putNetclient(id);
        }
        return container;
    }

    void putNetclient(String id) {
        MeshServer.putNetclient(containers.rootfs(id));
    }

    /** Tells netclient's double in a container how to behave. */
    void tell(String id, String what) {
        try {
            Files.writeString(containers.rootfs(id).resolve("etc/double"), what + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    MeshJoined joined(ContainerId id) {
        return events.expect(MeshJoined.class, event -> event.container().equals(id));
    }

    @Override
    public void close() {
        try {
            events.close();
            vertx.close().toCompletionStage().toCompletableFuture().join();
            containers.close();
            runner.close();
            server.close();
        } finally {
            Links.delete(BRIDGE);
        }
    }
}
