// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.portagent;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Single;
import java.util.List;
import org.opdbus.verticles.dbus.portagent.PortAgentFace.Sources;
import org.opdbus.verticles.dbus.service.Access;
import org.opdbus.verticles.dbus.service.MethodSpec;
import org.opdbus.verticles.dbus.wire.BusErrorException;
import org.opdbus.verticles.dbus.wrapper.BridgeErrors;
import org.opdbus.verticles.inventory.Inventory;

/** The methods on ports and bridges. */
final class PortMethods {
    private PortMethods() {}

    static List<MethodSpec<Sources>> all() {
        return List.of(
                MethodSpec.named("Ping", "ping")
                        .out("answer", "s")
                        .needs(Access.OPEN)
                        .does((host, call) -> Single.just(List.of("pong"))),
                MethodSpec.named("ListPorts", "list_ports")
                        .out("ports", "as")
                        .does((host, call) -> BridgeErrors.answer(host.bridges().listPorts(host.bridge()))),
                MethodSpec.named("AddPort", "add_port")
                        .in("port", "s")
                        .changesThat()
                        .out("result", "s")
                        .needs(Access.CHANGE)
                        .does((host, call) -> changed(
                                host.bridges().addPort(host.bridge(), call.text(0)),
                                call.text(0) + " is a port of " + host.bridge())),
                MethodSpec.named("DelPort", "del_port")
                        .in("port", "s")
                        .changesThat()
                        .out("result", "s")
                        .needs(Access.CHANGE)
                        .does((host, call) -> changed(
                                host.bridges().removePort(host.bridge(), call.text(0)),
                                call.text(0) + " is no port of " + host.bridge())),
                MethodSpec.named("GetBridgeTopology", "get_bridge_topology")
                        .in("bridge", "s")
                        .out("json", "s")
                        .does((host, call) -> Single.just(
                                List.of(HostText.topology(requireBridge(now(host), call.text(0)), call.text(0))))),
                MethodSpec.named("ValidateBridgeConnectivity", "validate_bridge_connectivity")
                        .in("bridge", "s")
                        .out("json", "s")
                        .does((host, call) -> Single.just(List.of(HostText.connectivity(now(host), call.text(0))))),
                MethodSpec.named("AtomicBridgeOperation", "atomic_bridge_operation")
                        .in("bridge", "s")
                        .in("operation", "s")
                        .out("json", "s")
                        .does((host, call) -> Single.just(List.of(operation(now(host), call.text(0), call.text(1))))),
                MethodSpec.named("GetInterfaceBindings", "get_interface_bindings")
                        .out("json", "s")
                        .does((host, call) -> Single.just(List.of(HostText.bindings(now(host))))));
    }

    private static Single<List<Object>> changed(Completable change, String result) {
        return BridgeErrors.answer(change.andThen(Single.just(result)));
    }

    private static Inventory now(Sources host) {
        return host.inventory().current();
    }

    private static Inventory requireBridge(Inventory now, String bridge) {
        if (now.bridges().get(bridge).isEmpty()) {
            throw new BusErrorException(
                    "org.openvswitch.ovsdb.Error.NoSuchBridge",
                    "Open vSwitch has no bridge of this name; org.openvswitch.ovsdb ListBridges names those that it has");
        }
        return now;
    }

    private static String operation(Inventory now, String bridge, String operation) {
        return switch (operation) {
            case "validate_topology" -> HostText.connectivity(requireBridge(now, bridge), bridge);
            case "create_checkpoint" ->
                throw UnsupportedMethods.notSupported("the agent keeps no checkpoints of bridges, because each of its "
                        + "changes is one transaction; copy Open vSwitch's database with ovsdb-client backup");
            case "sync_with_proxmox" ->
                throw UnsupportedMethods.notSupported(
                        "the agent follows Proxmox's configuration all the time; there is nothing to start");
            default ->
                throw BusErrorException.standard(
                        "InvalidArgs", "the operations are validate_topology, create_checkpoint and sync_with_proxmox");
        };
    }
}
