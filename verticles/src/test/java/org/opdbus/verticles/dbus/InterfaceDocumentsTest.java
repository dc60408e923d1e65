// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivex.rxjava3.schedulers.Schedulers;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.bus.Bus;
import org.opdbus.verticles.dbus.host.HostFace;
import org.opdbus.verticles.dbus.manager.ManagerFace;
import org.opdbus.verticles.dbus.portagent.LedgerSearch;
import org.opdbus.verticles.dbus.portagent.PortAgentFace;
import org.opdbus.verticles.dbus.service.InterfaceSpec;
import org.opdbus.verticles.dbus.service.IntrospectionXml;
import org.opdbus.verticles.dbus.work.HostWork;
import org.opdbus.verticles.dbus.work.LedgerWork;
import org.opdbus.verticles.dbus.wrapper.WrapperFace;
import org.opdbus.verticles.edges.BridgeWork;
import org.opdbus.verticles.inventory.HostFacts;
import org.opdbus.verticles.inventory.LiveInventory;

/** The documents of docs/dbus are what is served. With {@code -Ddocs.write} the test writes them. */
final class InterfaceDocumentsTest {
    private static final Path FOLDER = Path.of("..", "docs", "dbus");

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void each_interface_has_its_document() throws IOException {
        TreeMap<String, String> served = new TreeMap<>();
        interfaces().forEach(each -> served.put(each.name() + ".xml", IntrospectionXml.of(each)));
        if (System.getProperty("docs.write") != null) {
            for (String name : served.keySet()) {
                Files.writeString(FOLDER.resolve(name), served.get(name));
            }
        }
        TreeMap<String, String> documented = new TreeMap<>();
        try (Stream<Path> files = Files.list(FOLDER)) {
            for (Path file : files.toList()) {
                documented.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        assertThat(documented).as("run the test with -Ddocs.write").isEqualTo(served);
    }

    private Stream<InterfaceSpec<?>> interfaces() {
        LiveInventory inventory = new LiveInventory(HostFacts.atStart("here", "1", Instant.EPOCH));
        LedgerWork ledger = new LedgerWork(Path.of("/none"), Optional::empty, Schedulers.io());
        ManagerFace manager = new ManagerFace(
                new ManagerFace.Sources(new Bus(vertx), inventory, unused(HostWork.class), ledger),
                Schedulers.io(),
                Schedulers.io());
        BridgeWork bridges = unused(BridgeWork.class);
        PortAgentFace portAgent = new PortAgentFace(
                new PortAgentFace.Sources(inventory, bridges, unused(HostWork.class), "br0"),
                new LedgerSearch(Path.of("/none"), ledger, Schedulers.io()));
        return Stream.of(
                        manager.interfaces(),
                        portAgent.interfaces(),
                        new WrapperFace(bridges, Schedulers.io()).interfaces(),
                        new HostFace(inventory, Schedulers.io(), Schedulers.io()).interfaces())
                .flatMap(List::stream);
    }

    /** No description calls anything but the path of the state file. */
    private static <T> T unused(Class<T> work) {
        return work.cast(Proxy.newProxyInstance(
                work.getClassLoader(),
                new Class<?>[] {work},
                (proxy, method, arguments) -> Path.of("/etc/op-dbus/state.json")));
    }
}
