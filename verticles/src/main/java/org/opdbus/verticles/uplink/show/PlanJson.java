// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.show;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.opdbus.verticles.kernel.netlink.listing.ListedAddress;
import org.opdbus.verticles.kernel.netlink.listing.ListedRoute;
import org.opdbus.verticles.kernel.netlink.listing.ListedRule;
import org.opdbus.verticles.uplink.plan.FileChange;
import org.opdbus.verticles.uplink.plan.ProbeTarget;
import org.opdbus.verticles.uplink.plan.Step;
import org.opdbus.verticles.uplink.plan.UplinkPlan;
import org.opdbus.verticles.uplink.plan.UplinkRefusal;

/** A plan as JSON. docs/UPLINK.md lists the members; one may be added, but none goes or changes its meaning. Any thread. */
public final class PlanJson {
    private PlanJson() {}

    /** Returns the plan. */
    public static JsonObject of(UplinkPlan plan) {
        return new JsonObject()
                .put("id", plan.id())
                .put("direction", plan.request().direction().name().toLowerCase(Locale.ROOT))
                .put("link", plan.request().link())
                .put("bridge", plan.request().bridge())
                .put("confirmS", plan.request().confirmWithin().toSeconds())
                .put("persists", plan.request().persists())
                .put("manager", plan.manager())
                .put("steps", array(plan.steps(), PlanJson::step))
                .put("notes", new JsonArray(plan.notes()));
    }

    /** Returns why there is no plan. */
    public static JsonObject of(UplinkRefusal refusal) {
        return new JsonObject()
                .put(
                        "reasons",
                        array(
                                refusal.reasons(),
                                reason -> new JsonObject()
                                        .put("why", reason.why())
                                        .put("remedy", reason.remedy())));
    }

    private static <T> JsonArray array(List<T> list, Function<T, Object> write) {
        JsonArray array = new JsonArray();
        list.forEach(each -> array.add(write.apply(each)));
        return array;
    }

    private static JsonObject step(Step step) {
        JsonObject json = new JsonObject().put("title", step.title());
        if (step instanceof Step.PrepareBridge prepare) {
            json.put("step", "prepare-bridge").put("bridge", prepare.bridge()).put("creates", prepare.creates());
            json.put("datapath", prepare.datapath()).put("mac", prepare.mac()).put("mtu", prepare.mtu());
            putIfAny(json, "formerMac", prepare.formerHwaddr());
            putIfAny(json, "formerMtu", prepare.formerMtu().filter(mtu -> mtu != 0));
        } else if (step instanceof Step.RestoreBridge restore) {
            json.put("step", "restore-bridge").put("bridge", restore.bridge()).put("removes", restore.removes());
            json.put("datapath", restore.datapath()).put("mac", restore.mac()).put("mtu", restore.mtu());
            putIfAny(json, "formerMac", restore.formerHwaddr());
            putIfAny(json, "formerMtu", restore.formerMtu().filter(mtu -> mtu != 0));
        } else if (step instanceof Step.WriteFiles write) {
            json.put("step", "write-files").put("files", array(write.files(), PlanJson::file));
        } else if (step instanceof Step.RunProgram run) {
            json.put("step", "run-program").put("arguments", new JsonArray(run.arguments()));
            json.put("undo", new JsonArray(run.undo()));
        } else if (step instanceof Step.WriteSettings write) {
            json.put("step", "write-settings").put("settings", array(write.settings(), PlanJson::setting));
        } else {
            networkStep(json, step);
        }
        return json;
    }

    private static void networkStep(JsonObject json, Step step) {
        if (step instanceof Step.AttachLink attach) {
            json.put("step", "attach-link").put("link", attach.link()).put("bridge", attach.bridge());
        } else if (step instanceof Step.DetachLink detach) {
            json.put("step", "detach-link").put("link", detach.link()).put("bridge", detach.bridge());
        } else if (step instanceof Step.MoveNetwork move) {
            json.put("step", "move-network").put("from", move.from()).put("to", move.to());
            json.put("addresses", array(move.network().addresses(), PlanJson::address));
            json.put("routes", array(move.network().routes(), PlanJson::route));
            json.put("rules", array(move.network().rules(), PlanJson::rule));
        } else if (step instanceof Step.Announce announce) {
            json.put("step", "announce").put("link", announce.link()).put("mac", announce.mac());
            json.put("addresses", array(announce.addresses(), ListedAddress::address));
        } else if (step instanceof Step.Probe probe) {
            json.put("step", "probe").put("link", probe.link());
            json.put("targets", array(probe.targets(), PlanJson::target));
        }
    }

    private static JsonObject file(FileChange change) {
        String what = change.before().isEmpty() ? "create" : change.after().isEmpty() ? "remove" : "change";
        return new JsonObject()
                .put("path", change.path())
                .put("what", what)
                .put("difference", new JsonArray(FileDifference.of(change)));
    }

    private static JsonObject setting(Step.Setting setting) {
        return new JsonObject()
                .put("path", setting.path())
                .put("before", setting.before())
                .put("after", setting.after());
    }

    private static JsonObject address(ListedAddress address) {
        JsonObject json = new JsonObject()
                .put("family", address.family().name().toLowerCase(Locale.ROOT))
                .put("address", address.address())
                .put("prefix", address.prefix());
        putIfAny(json, "peer", address.peer());
        putIfAny(json, "validS", address.validS());
        putIfAny(json, "preferredS", address.preferredS());
        return json.put("flags", new JsonArray(NetworkWords.flags(address))).put("text", NetworkWords.of(address));
    }

    private static JsonObject route(ListedRoute route) {
        JsonObject json = new JsonObject()
                .put("family", route.family().name().toLowerCase(Locale.ROOT))
                .put("table", route.table())
                .put("destination", route.destination())
                .put("protocol", NetworkWords.protocol(route.protocol()))
                .put("metric", route.metric());
        putIfAny(json, "preferredSource", route.preferredSource());
        JsonArray gateways = new JsonArray();
        route.nextHops().forEach(hop -> hop.gateway().ifPresent(gateways::add));
        return json.put("gateways", gateways).put("text", NetworkWords.of(route));
    }

    private static JsonObject rule(ListedRule rule) {
        return new JsonObject()
                .put("family", rule.family().name().toLowerCase(Locale.ROOT))
                .put("priority", rule.priority())
                .put("text", NetworkWords.of(rule));
    }

    private static JsonObject target(ProbeTarget target) {
        JsonObject json = new JsonObject().put("address", target.address());
        if (target instanceof ProbeTarget.Tcp tcp) {
            return json.put("kind", "tcp").put("port", tcp.port());
        }
        return json.put("kind", target instanceof ProbeTarget.Echo ? "icmp" : "neighbour");
    }

    private static void putIfAny(JsonObject json, String key, Optional<?> value) {
        value.ifPresent(present -> json.put(key, present));
    }
}
