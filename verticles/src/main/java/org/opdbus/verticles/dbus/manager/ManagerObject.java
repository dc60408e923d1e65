// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.manager;

import io.reactivex.rxjava3.core.Single;
import java.util.List;
import org.opdbus.events.ContainerId;
import org.opdbus.ledger.Entry;
import org.opdbus.ledger.verify.Verification;
import org.opdbus.verticles.dbus.service.Access;
import org.opdbus.verticles.dbus.service.Argument;
import org.opdbus.verticles.dbus.service.Call;
import org.opdbus.verticles.dbus.service.InterfaceSpec;
import org.opdbus.verticles.dbus.service.MethodSpec;
import org.opdbus.verticles.dbus.service.PropertySpec.Emits;
import org.opdbus.verticles.dbus.service.ServedObject;
import org.opdbus.verticles.dbus.wire.BusErrorException;
import org.opdbus.verticles.dbus.wire.ObjectPath;
import org.opdbus.verticles.dbus.work.HostWork;
import org.opdbus.verticles.dbus.work.LedgerWork;
import org.opdbus.verticles.inventory.ContainerPhase;
import org.opdbus.verticles.inventory.Inventory;
import org.opdbus.verticles.inventory.KnownContainer;

/** The agent itself: {@code org.opdbus.Manager1}. */
final class ManagerObject {
    static final ObjectPath PATH = new ObjectPath("/org/opdbus");
    static final String INTERFACE = "org.opdbus.Manager1";

    private final HostWork work;
    private final LedgerWork ledger;
    private final StateText states;
    private final Jobs jobs;
    private final InterfaceSpec<Inventory> spec;

    ManagerObject(HostWork work, LedgerWork ledger, StateText states, Jobs jobs) {
        this.work = work;
        this.ledger = ledger;
        this.states = states;
        this.jobs = jobs;
        spec = spec();
    }

    private InterfaceSpec<Inventory> spec() {
        return methods(InterfaceSpec.named(INTERFACE))
                .property("Version", "s", Emits.CONST, now -> now.host().version())
                .property("Host", "s", Emits.CONST, now -> now.host().name())
                .property(
                        "LedgerHeight", "t", now -> now.host().ledger().height().orElse(0L))
                .property("LedgerHead", "s", now -> now.host().ledger().hash().orElse(""))
                .property("Degraded", "b", now -> !now.host().isReady())
                .property("Containers", "u", now -> (long) now.containers().size())
                .property("Enrolled", "u", now -> (long) now.tally().count(ContainerPhase.ENROLLED))
                .property("Refused", "u", now -> (long) now.tally().count(ContainerPhase.REFUSED))
                .signal(
                        "EventPublished",
                        new Argument("kind", "s"),
                        new Argument("subject", "s"),
                        new Argument("data", "a{sv}"))
                .signal(
                        "EntryCommitted",
                        new Argument("height", "t"),
                        new Argument("kind", "s"),
                        new Argument("subject", "s"),
                        new Argument("hash", "s"))
                .build();
    }

    private InterfaceSpec.Draft<Inventory> methods(InterfaceSpec.Draft<Inventory> draft) {
        return draft.method(MethodSpec.named("ListContainers")
                        .out("containers", "a(sssbs)")
                        .does((now, call) -> Single.just(List.of(now.containersById().stream()
                                .map(ManagerObject::row)
                                .toList()))))
                .method(MethodSpec.named("GetContainer")
                        .in("id", "s")
                        .out("container", "o")
                        .does((now, call) -> Single.just(List.of(container(now, call.text(0))))))
                .method(MethodSpec.named("Diff")
                        .in("path", "s")
                        .out("changes", "s")
                        .does((now, call) -> states.read(call.caller(), call.text(0))
                                .flatMap(work::diff)
                                .map(List::<Object>of)))
                .method(MethodSpec.named("Apply")
                        .in("path", "s")
                        .changesThat()
                        .in("options", "a{sv}")
                        .out("job", "o")
                        .needs(Access.CHANGE)
                        .does((now, call) -> apply(call)))
                .method(MethodSpec.named("VerifyLedger")
                        .out("intact", "b")
                        .out("entries", "t")
                        .out("finding", "s")
                        .does((now, call) -> ledger.verify().map(ManagerObject::verdict)))
                .method(MethodSpec.named("GetEntry")
                        .in("height", "t")
                        .out("entry", "s")
                        .does((now, call) ->
                                ledger.entry(call.number(0)).map(Entry::line).map(List::<Object>of)))
                .method(MethodSpec.named("Reload")
                        .needs(Access.CHANGE)
                        .does((now, call) -> work.reload().andThen(Single.just(List.of()))));
    }

    private static List<Object> row(KnownContainer container) {
        return List.of(
                container.id().value(),
                container.veth(),
                container.bridge(),
                container.status().running(),
                container.state());
    }

    private static ObjectPath container(Inventory now, String id) {
        if (!ContainerId.isValid(id)
                || now.containers().get(new ContainerId(id)).isEmpty()) {
            throw new BusErrorException(
                    "org.opdbus.Error.NoSuchContainer", "there is no container of this name; see ListContainers");
        }
        return ContainerObject.path(new ContainerId(id));
    }

    private Single<List<Object>> apply(Call call) {
        HostWork.Wish wish = ApplyWish.of(call.map(1));
        return jobs.apply(states.read(call.caller(), call.text(0)), wish).map(List::<Object>of);
    }

    private static List<Object> verdict(Verification result) {
        String finding =
                result.findings().isEmpty() ? "" : result.findings().get(0).toString();
        return List.of(result.intact(), result.entries(), finding);
    }

    InterfaceSpec<Inventory> description() {
        return spec;
    }

    ServedObject object(Inventory now) {
        return ServedObject.of(PATH, spec, now);
    }
}
