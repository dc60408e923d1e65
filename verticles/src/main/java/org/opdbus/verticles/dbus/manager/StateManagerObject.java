// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.manager;

import io.reactivex.rxjava3.core.Single;
import java.util.List;
import java.util.Optional;
import org.opdbus.verticles.dbus.service.Access;
import org.opdbus.verticles.dbus.service.Call;
import org.opdbus.verticles.dbus.service.InterfaceSpec;
import org.opdbus.verticles.dbus.service.MethodSpec;
import org.opdbus.verticles.dbus.service.ServedObject;
import org.opdbus.verticles.dbus.wire.BusErrorException;
import org.opdbus.verticles.dbus.wire.ObjectPath;
import org.opdbus.verticles.dbus.work.HostWork;
import org.opdbus.verticles.dbus.work.HostWork.DesiredText;
import org.opdbus.verticles.dbus.work.HostWork.Report;
import org.opdbus.verticles.dbus.work.HostWork.Wish;

/** The desired state as text: {@code org.opdbus.StateManager}. */
final class StateManagerObject {
    private static final ObjectPath PATH = new ObjectPath("/org/opdbus/state");

    private final HostWork work;
    private final InterfaceSpec<HostWork> spec;

    StateManagerObject(HostWork work) {
        this.work = work;
        spec = InterfaceSpec.<HostWork>named("org.opdbus.StateManager")
                .method(MethodSpec.named("ApplyState")
                        .in("json", "s")
                        .out("result", "s")
                        .needs(Access.CHANGE)
                        .does(StateManagerObject::apply))
                .method(MethodSpec.named("QueryState")
                        .out("json", "s")
                        .does((host, call) -> host.query(Optional.empty()).map(List::<Object>of)))
                .method(MethodSpec.named("QueryPlugin")
                        .in("plugin", "s")
                        .out("json", "s")
                        .does((host, call) ->
                                host.query(Optional.of(call.text(0))).map(List::<Object>of)))
                .build();
    }

    private static Single<List<Object>> apply(HostWork host, Call call) {
        return host.apply(new DesiredText("ApplyState", call.text(0)), new Wish(false, false), line -> {})
                .map(StateManagerObject::result);
    }

    private static List<Object> result(Report report) {
        if (report.failures() > 0) {
            throw new BusErrorException("org.opdbus.Error.ApplyFailed", report.json());
        }
        return List.of("Applied successfully: true");
    }

    InterfaceSpec<HostWork> spec() {
        return spec;
    }

    ServedObject object() {
        return ServedObject.of(PATH, spec, work);
    }
}
