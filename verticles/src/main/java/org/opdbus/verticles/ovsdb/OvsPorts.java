// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.ovsdb;

import io.reactivex.rxjava3.core.Completable;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.opdbus.events.Port;
import org.opdbus.verticles.bus.StepException;
import org.opdbus.verticles.bus.StepException.Reason;
import org.opdbus.verticles.edges.NewPort;
import org.opdbus.verticles.edges.PortSettings;
import org.opdbus.verticles.edges.PortWork;
import org.opdbus.verticles.view.PortOwner;

/** Joins what the reconciler needs of Open vSwitch to the client that does it. */
public final class OvsPorts implements PortWork {
    private final PortKeeper keeper;

    public OvsPorts(PortKeeper keeper) {
        this.keeper = keeper;
    }

    @Override
    public Completable caughtUp() {
        return inWords(keeper.caughtUp());
    }

    @Override
    public Completable attach(NewPort port) {
        PortSettings settings = port.settings();
        return inWords(keeper.attach(new PortRequest(
                        port.name(),
                        port.bridge(),
                        port.ids(),
                        port.interfaceIds(),
                        new Vlans(settings.tag(), Set.copyOf(settings.trunks()), settings.vlanMode()),
                        settings.link(),
                        port.otherNames()))
                .ignoreElement());
    }

    @Override
    public Completable absorb(Port late, Port own, Map<String, String> marks) {
        return inWords(keeper.absorb(
                new PortAbsorption(late.uuid(), late.name(), ownership(own), marks, Set.of(PortOwner.ENTRY))));
    }

    @Override
    public Completable mark(Port port, Map<String, String> ids) {
        return inWords(keeper.stamp(port.uuid(), ids));
    }

    @Override
    public Completable limit(Port port, Map<String, String> ids, Map<String, Integer> columns) {
        return inWords(keeper.limit(port.uuid(), port.name(), ids, columns));
    }

    @Override
    public Completable swap(Port port, String to, String bridge, Map<String, String> interfaceIds) {
        Map<String, String> made = Map.of(PortOwner.MAKER, PortOwner.MADE_BY_AGENT);
        Optional<String> other = port.bridge().equals(bridge) ? Optional.empty() : Optional.of(bridge);
        return inWords(
                keeper.swap(new PortSwap(port.uuid(), port.name(), to, other, made, interfaceIds, Optional.empty()))
                        .ignoreElement());
    }

    @Override
    public Completable remove(Port port) {
        return inWords(keeper.remove(ownership(port)));
    }

    @Override
    public Completable retag(Port port, Optional<Integer> vlan) {
        return inWords(keeper.retag(ownership(port), new Vlans(vlan, port.trunks(), port.vlanMode())));
    }

    @Override
    public Completable move(Port port, String bridge) {
        return inWords(keeper.move(ownership(port), bridge));
    }

    private static PortOwnership ownership(Port port) {
        return new PortOwnership(port.uuid(), port.name(), PortOwner.identityOf(port));
    }

    private static Completable inWords(Completable change) {
        return change.onErrorResumeNext(failure -> Completable.error(inWords(failure)));
    }

    private static Throwable inWords(Throwable failure) {
        if (!(failure instanceof OvsdbException refused)) {
            return failure;
        }
        String message = String.valueOf(refused.getMessage());
        return switch (refused.reason()) {
            case CONFLICT, NO_PORT, NOT_OURS, NO_BRIDGE, NAME_TAKEN -> new StepException(Reason.STALE, message);
            case UNAVAILABLE, UNKNOWN -> new StepException(Reason.UNAVAILABLE, message);
            case REFUSED ->
                new StepException(Reason.PORT_REFUSED, message, "see ovsdb-server's log; it is tried again", refused);
        };
    }
}
