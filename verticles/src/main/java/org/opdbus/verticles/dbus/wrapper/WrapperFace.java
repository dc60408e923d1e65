// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.wrapper;

import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.disposables.Disposable;
import java.util.List;
import org.opdbus.verticles.dbus.service.Access;
import org.opdbus.verticles.dbus.service.BusSession;
import org.opdbus.verticles.dbus.service.Face;
import org.opdbus.verticles.dbus.service.InterfaceSpec;
import org.opdbus.verticles.dbus.service.MethodSpec;
import org.opdbus.verticles.dbus.service.ObjectSource;
import org.opdbus.verticles.dbus.service.ServedObject;
import org.opdbus.verticles.dbus.wire.ObjectPath;
import org.opdbus.verticles.edges.BridgeWork;

/** What is served under {@code org.openvswitch.ovsdb}. */
public final class WrapperFace implements Face {
    /** The bus name, which is the name of the interface, too. */
    public static final String NAME = "org.openvswitch.ovsdb";

    static final ObjectPath PATH = new ObjectPath("/org/openvswitch/ovsdb");

    private final BridgeWork bridges;
    private final TableWatches monitors;
    private final InterfaceSpec<BridgeWork> spec;

    /**
     * Creates the face.
     *
     * @param loop the event loop of the connection
     */
    public WrapperFace(BridgeWork bridges, Scheduler loop) {
        this.bridges = bridges;
        monitors = new TableWatches(loop);
        spec = database(ports(bridges(InterfaceSpec.named(NAME)))).build();
    }

    private static InterfaceSpec.Draft<BridgeWork> bridges(InterfaceSpec.Draft<BridgeWork> draft) {
        return draft.method(MethodSpec.named("CreateBridge", "create_bridge")
                        .in("bridge", "s")
                        .changesThat()
                        .needs(Access.CHANGE)
                        .does((work, call) -> BridgeErrors.answer(work.createBridge(call.text(0)))))
                .method(MethodSpec.named("DeleteBridge", "delete_bridge")
                        .in("bridge", "s")
                        .changesThat()
                        .needs(Access.CHANGE)
                        .does((work, call) -> BridgeErrors.answer(work.deleteBridge(call.text(0)))))
                .method(MethodSpec.named("BridgeExists", "bridge_exists")
                        .in("bridge", "s")
                        .out("exists", "b")
                        .does((work, call) -> BridgeErrors.answer(work.exists(call.text(0)))))
                .method(MethodSpec.named("ListBridges", "list_bridges")
                        .out("bridges", "as")
                        .does((work, call) -> BridgeErrors.answer(work.listBridges())));
    }

    private static InterfaceSpec.Draft<BridgeWork> ports(InterfaceSpec.Draft<BridgeWork> draft) {
        return draft.method(MethodSpec.named("AddPort", "add_port")
                        .in("bridge", "s")
                        .in("port", "s")
                        .changesThat()
                        .needs(Access.CHANGE)
                        .does((work, call) -> BridgeErrors.answer(work.addPort(call.text(0), call.text(1)))))
                .method(MethodSpec.named("DelPort", "del_port")
                        .in("bridge", "s")
                        .in("port", "s")
                        .changesThat()
                        .needs(Access.CHANGE)
                        .does((work, call) -> BridgeErrors.answer(work.removePort(call.text(0), call.text(1)))))
                .method(MethodSpec.named("ListBridgePorts", "list_bridge_ports")
                        .in("bridge", "s")
                        .out("ports", "as")
                        .does((work, call) -> BridgeErrors.answer(work.listPorts(call.text(0)))));
    }

    private InterfaceSpec.Draft<BridgeWork> database(InterfaceSpec.Draft<BridgeWork> draft) {
        return draft.method(MethodSpec.named("GetSchema", "get_schema")
                        .in("database", "s")
                        .out("schema", "s")
                        .does((work, call) -> BridgeErrors.answerToRequest(work.schema(call.text(0)))))
                .method(MethodSpec.named("Transact", "transact")
                        .in("database", "s")
                        .changesThat()
                        .in("operations", "s")
                        .out("results", "s")
                        .needs(Access.ROOT)
                        .does((work, call) -> BridgeErrors.answerToRequest(work.transact(call.text(0), call.text(1)))))
                .method(MethodSpec.named("Monitor", "monitor")
                        .in("database", "s")
                        .changesThat()
                        .in("tables", "s")
                        .out("monitor", "o")
                        .needs(Access.ROOT)
                        .does((work, call) -> BridgeErrors.answerToRequest(monitors.begin(
                                work.monitor(call.text(0), call.text(1)),
                                call.caller().busName()))));
    }

    @Override
    public String busName() {
        return NAME;
    }

    @Override
    public List<ObjectSource> alone() {
        return List.of(ObjectSource.of(ServedObject.of(PATH, spec, bridges)), monitors);
    }

    /** Returns the interfaces, for their documents. */
    public List<InterfaceSpec<?>> interfaces() {
        return List.of(spec, TableWatches.SPEC);
    }

    @Override
    public Disposable tell(BusSession session) {
        return monitors.tell(session);
    }

    @Override
    public void dispose() {
        monitors.dispose();
    }
}
