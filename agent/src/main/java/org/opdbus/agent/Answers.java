// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import io.reactivex.rxjava3.core.Single;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.opdbus.verticles.control.ControlRequests;
import org.opdbus.verticles.nonnet.ContainerRow;
import org.opdbus.verticles.reconcile.ContainerStatus;
import org.opdbus.verticles.reconcile.ContainerStatus.LinkStatus;
import org.opdbus.verticles.reconcile.Standing;

/** Answers the questions of the command line in the contract's words. */
final class Answers implements ControlRequests {
    private static final String LXC = "lxc";

    private final String host;
    private final Supplier<Single<List<ContainerStatus>>> containers;

    Answers(String host, Supplier<Single<List<ContainerStatus>>> containers) {
        this.host = host;
        this.containers = containers;
    }

    @Override
    public JsonObject version() {
        return new JsonObject().put("version", Program.version()).put("host", host);
    }

    @Override
    public Single<JsonObject> query(Optional<String> plugin) {
        if (plugin.isPresent() && !plugin.get().equals(LXC)) {
            return Single.error(new IllegalArgumentException(
                    "there is no plugin \"" + plugin.get() + "\"; there is \"" + LXC + "\""));
        }
        Single<JsonObject> state = containers.get().map(Answers::state);
        return plugin.isPresent()
                ? state
                : state.map(lxc -> new JsonObject().put("plugins", new JsonObject().put(LXC, lxc)));
    }

    /** The same for the read-only database. */
    Single<List<ContainerRow>> rows() {
        return containers
                .get()
                .map(statuses -> statuses.stream().map(Answers::row).toList());
    }

    private static ContainerRow row(ContainerStatus status) {
        Optional<LinkStatus> first = status.links().stream().findFirst();
        Map<String, String> properties = new LinkedHashMap<>(Map.of("network_type", "bridge"));
        first.flatMap(LinkStatus::vlan).ifPresent(vlan -> properties.put("vlan", vlan.toString()));
        return new ContainerRow(
                status.id().value(),
                first.map(LinkStatus::name).orElse(""),
                first.flatMap(LinkStatus::bridge).orElse(""),
                status.running(),
                properties,
                word(status.standing()),
                Optional.of(status.why()).filter(why -> !why.isEmpty()));
    }

    private static String word(Standing standing) {
        return standing.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static JsonObject state(List<ContainerStatus> statuses) {
        JsonArray list = new JsonArray();
        statuses.forEach(status -> list.add(container(status)));
        return new JsonObject().put("containers", list);
    }

    private static JsonObject container(ContainerStatus status) {
        Optional<LinkStatus> first = status.links().stream().findFirst();
        JsonObject properties = new JsonObject().put("network_type", "bridge");
        first.flatMap(LinkStatus::vlan).ifPresent(vlan -> properties.put("vlan", vlan));
        JsonArray links = new JsonArray();
        status.links().forEach(link -> links.add(link(link)));
        return new JsonObject()
                .put("id", status.id().value())
                .put("veth", first.map(LinkStatus::name).orElse(""))
                .put("bridge", first.flatMap(LinkStatus::bridge).orElse(""))
                .put("running", status.running())
                .put("properties", properties)
                .put("state", word(status.standing()))
                .put("reason", status.why())
                .put("links", links);
    }

    private static JsonObject link(LinkStatus link) {
        JsonObject json = new JsonObject().put("name", link.name()).put("index", link.index());
        link.bridge().ifPresent(bridge -> json.put("bridge", bridge));
        link.vlan().ifPresent(vlan -> json.put("vlan", vlan));
        return json.put("ofport", link.ofport());
    }
}
