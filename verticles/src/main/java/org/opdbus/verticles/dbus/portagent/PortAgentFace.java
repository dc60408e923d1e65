// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.portagent;

import io.reactivex.rxjava3.disposables.Disposable;
import java.util.List;
import org.opdbus.verticles.dbus.service.BusSession;
import org.opdbus.verticles.dbus.service.Face;
import org.opdbus.verticles.dbus.service.InterfaceSpec;
import org.opdbus.verticles.dbus.service.MethodSpec;
import org.opdbus.verticles.dbus.service.ObjectSource;
import org.opdbus.verticles.dbus.service.ServedObject;
import org.opdbus.verticles.dbus.wire.ObjectPath;
import org.opdbus.verticles.dbus.work.HostWork;
import org.opdbus.verticles.edges.BridgeWork;
import org.opdbus.verticles.inventory.LiveInventory;

/** What is served under {@code dev.ovs.PortAgent1}. */
public final class PortAgentFace implements Face {
    /** The bus name, which is the name of the interface, too. */
    public static final String NAME = "dev.ovs.PortAgent1";

    private static final ObjectPath PATH = new ObjectPath("/dev/ovs/PortAgent1");

    private final Sources sources;
    private final OtherManagers managers = new OtherManagers();
    private final InterfaceSpec<Sources> spec;

    /**
     * What the face reads, and what it asks.
     *
     * @param bridge the bridge of methods that name none
     */
    public record Sources(LiveInventory inventory, BridgeWork bridges, HostWork work, String bridge) {}

    /**
     * Creates the face.
     *
     * @param ledger reads the ledger
     */
    public PortAgentFace(Sources sources, LedgerSearch ledger) {
        this.sources = sources;
        InterfaceSpec.Draft<Sources> draft = InterfaceSpec.named(NAME);
        List<List<MethodSpec<Sources>>> methods = List.of(
                PortMethods.all(), StateMethods.all(managers), LedgerMethods.all(ledger), UnsupportedMethods.all());
        methods.forEach(group -> group.forEach(draft::method));
        spec = draft.build();
    }

    @Override
    public String busName() {
        return NAME;
    }

    @Override
    public List<ObjectSource> alone() {
        return List.of(ObjectSource.of(ServedObject.of(PATH, spec, sources)));
    }

    /** Returns the interfaces, for their documents. */
    public List<InterfaceSpec<?>> interfaces() {
        return List.of(spec);
    }

    @Override
    public Disposable tell(BusSession session) {
        return managers.ask(session);
    }
}
