// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.proxmox;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.events.ContainerEvent.ContainerStarted;
import org.opdbus.events.ContainerId;
import org.opdbus.events.ProxmoxEvent.ProxmoxConfigured;
import org.opdbus.events.ProxmoxEvent.ProxmoxListed;
import org.opdbus.events.ProxmoxEvent.ProxmoxLost;
import org.opdbus.events.ProxmoxEvent.ProxmoxUnconfigured;
import org.opdbus.events.ProxmoxEvent.ProxmoxUnreadable;
import org.opdbus.events.Workload.LxcContainer;
import org.opdbus.verticles.bus.Bus;
import org.opdbus.verticles.testing.BusWatcher;

/** The source on a real folder, with the kernel's inotify. */
class ProxmoxVerticleIT {
    private static final ContainerId ID = new ContainerId("100");

    @TempDir
    Path etc;

    private final Vertx vertx = Vertx.vertx();
    private final Bus bus = new Bus(vertx);
    private final BusWatcher watcher = new BusWatcher(bus);
    private Path folder = Path.of("/");

    @BeforeEach
    void name() {
        folder = etc.resolve("pve/lxc");
    }

    @AfterEach
    void close() {
        watcher.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private ProxmoxVerticle deploy(long relistMs) {
        ProxmoxVerticle source = new ProxmoxVerticle(bus, new ProxmoxOptions(folder, relistMs));
        vertx.deployVerticle(source).toCompletionStage().toCompletableFuture().join();
        return source;
    }

    /** As Proxmox does: another file, renamed. */
    private void write(String text) throws IOException {
        Path next = Files.writeString(folder.resolve("100.conf.tmp.1"), text);
        Files.move(next, folder.resolve("100.conf"), StandardCopyOption.ATOMIC_MOVE);
    }

    private void expectBridge(String bridge) {
        watcher.expect(
                ProxmoxConfigured.class,
                event -> event.container().equals(ID)
                        && event.nets().get(0).bridge().filter(bridge::equals).isPresent());
    }

    @Test
    void configurations_are_published_first_then_the_listing_then_changes() throws IOException {
        Files.createDirectories(folder);
        write("net0: name=eth0,bridge=vmbr0\n");
        Files.writeString(folder.resolve("notes.txt"), "net0: name=eth0\n");
        deploy(3_600_000);
        expectBridge("vmbr0");
        watcher.expect(ProxmoxListed.class, event -> event.present() && event.count() == 1);
        write("net0: name=eth0,bridge=vmbr1\n");
        expectBridge("vmbr1");
        Files.writeString(folder.resolve("100.conf"), "net0: name=eth0,tag=none\n");
        watcher.expect(ProxmoxUnreadable.class, event -> event.reason().contains("tag=none"));
        Files.write(folder.resolve("100.conf"), new byte[2_000_000]);
        watcher.expect(ProxmoxUnreadable.class, event -> event.reason().contains("larger"));
        Files.delete(folder.resolve("100.conf"));
        watcher.expect(ProxmoxUnconfigured.class, event -> event.container().equals(ID));
    }

    @Test
    void without_proxmox_it_says_so_and_hears_when_it_comes() throws IOException {
        deploy(3_600_000);
        watcher.expect(ProxmoxListed.class, event -> !event.present());
        Files.createDirectories(folder);
        watcher.expect(ProxmoxListed.class, ProxmoxListed::present);
        write("net0: name=eth0,bridge=vmbr0\n");
        expectBridge("vmbr0");
    }

    @Test
    void virtual_machines_are_configured_in_a_folder_beside_that_may_come_later() throws IOException {
        Files.createDirectories(folder);
        deploy(3_600_000);
        watcher.expect(ProxmoxListed.class, event -> event.present() && event.count() == 0);
        Path machines = Files.createDirectories(folder.resolveSibling("qemu-server"));
        Path file = machines.resolve("100.conf");
        Files.writeString(file, "net0: virtio=BC:24:11:00:00:65,bridge=vmbr0,tag=5\n");
        ContainerId machine = ContainerId.Kind.VM.id("100");
        ProxmoxConfigured configured = watcher.expect(
                ProxmoxConfigured.class,
                event -> event.container().equals(machine) && !event.nets().isEmpty());
        assertThat(configured.nets().get(0).mac()).contains("bc:24:11:00:00:65");
        Files.delete(file);
        watcher.expect(ProxmoxUnconfigured.class, event -> event.container().equals(machine));
        assertThat(watcher.seen(ProxmoxConfigured.class))
                .noneMatch(event -> event.container().equals(ID));
    }

    @Test
    void a_cluster_file_system_that_is_away_is_a_loss_and_not_an_empty_host() throws IOException {
        Files.createDirectories(folder);
        write("net0: name=eth0,bridge=vmbr0\n");
        deploy(3_600_000);
        expectBridge("vmbr0");
        Path away = etc.resolve("away");
        Files.move(folder, away);
        watcher.expect(ProxmoxLost.class, event -> event.reason().contains("pve-cluster"));
        Files.move(away, folder);
        watcher.expect(ProxmoxListed.class, ProxmoxListed::present);
    }

    @Test
    void a_change_that_comes_without_an_event_is_read_when_something_happens_to_the_container() throws IOException {
        Files.createDirectories(folder);
        // A file outside the folder, so that writing it makes no happening in the folder.
        Path elsewhere = Files.writeString(etc.resolve("elsewhere.conf"), "net0: name=eth0,bridge=vmbr0\n");
        Files.createSymbolicLink(folder.resolve("100.conf"), elsewhere);
        ProxmoxVerticle source = deploy(3_600_000);
        expectBridge("vmbr0");
        Files.writeString(elsewhere, "net0: name=eth0,bridge=vmbr1\n");
        assertThat(source.read(ID).blockingGet()).isInstanceOf(ProxmoxConfigured.class);
        expectBridge("vmbr1");
        Files.writeString(elsewhere, "net0: name=eth0,bridge=vmbr2\n");
        bus.publish(new ContainerStarted(new LxcContainer(ID, "/var/lib/lxc"), 1));
        expectBridge("vmbr2");
    }
}
