// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.portagent;

import io.reactivex.rxjava3.core.Single;
import java.util.List;
import java.util.Optional;
import org.opdbus.verticles.dbus.portagent.PortAgentFace.Sources;
import org.opdbus.verticles.dbus.service.Access;
import org.opdbus.verticles.dbus.service.MethodSpec;
import org.opdbus.verticles.dbus.work.HostWork.DesiredText;
import org.opdbus.verticles.dbus.work.HostWork.Report;
import org.opdbus.verticles.dbus.work.HostWork.Wish;

/** The methods on the desired state, on the state of this host, and on other programs that manage its network. */
final class StateMethods {
    private StateMethods() {}

    static List<MethodSpec<Sources>> all(OtherManagers managers) {
        return List.of(
                MethodSpec.named("ApplyState", "apply_state")
                        .in("state", "s")
                        .out("report", "s")
                        .needs(Access.CHANGE)
                        .does((host, call) -> host.work()
                                .apply(
                                        new DesiredText("ApplyState", call.text(0)),
                                        new Wish(false, false),
                                        progress -> {})
                                .map(Report::json)
                                .map(List::<Object>of)),
                MethodSpec.named("QueryState", "query_state")
                        .in("plugin", "s")
                        .out("json", "s")
                        .does((host, call) -> host.work()
                                .query(Optional.of(call.text(0)).filter(plugin -> !plugin.isEmpty()))
                                .map(List::<Object>of)),
                MethodSpec.named("ShowDiff", "show_diff")
                        .in("state", "s")
                        .out("json", "s")
                        .does((host, call) -> host.work()
                                .diff(new DesiredText("ShowDiff", call.text(0)))
                                .map(List::<Object>of)),
                MethodSpec.named("GetSystemNetworkState", "get_system_network_state")
                        .out("json", "s")
                        .does((host, call) -> Single.just(
                                List.of(HostText.network(host.inventory().current())))),
                MethodSpec.named("IntrospectSystemdNetworkd", "introspect_systemd_networkd")
                        .out("json", "s")
                        .does((host, call) -> managers.networkd().map(List::<Object>of)),
                MethodSpec.named("IntrospectNetworkManager", "introspect_network_manager")
                        .out("json", "s")
                        .does((host, call) -> managers.networkManager().map(List::<Object>of)));
    }
}
