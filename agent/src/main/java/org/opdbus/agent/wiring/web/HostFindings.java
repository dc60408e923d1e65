// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.wiring.web;

import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.schedulers.Schedulers;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.opdbus.agent.doctor.AgentReply;
import org.opdbus.agent.doctor.AgentReply.ContainerReply;
import org.opdbus.agent.doctor.AgentReply.EngineReply;
import org.opdbus.agent.doctor.AgentReply.LabReply;
import org.opdbus.agent.doctor.CheckResult;
import org.opdbus.agent.doctor.Doctor;
import org.opdbus.agent.doctor.HostSnapshot;
import org.opdbus.config.AgentConfig;
import org.opdbus.verticles.inventory.HostFacts;
import org.opdbus.verticles.inventory.Inventory;
import org.opdbus.verticles.inventory.KnownContainer;
import org.opdbus.verticles.inventory.LiveInventory;
import org.opdbus.verticles.inventory.MeshStanding;

/**
 * Examines this host as {@code op-dbus doctor} does, but from within the agent, which asks itself nothing over a socket. On a thread
 * that may wait.
 */
final class HostFindings implements Supplier<Single<JsonArray>> {
    private final AgentConfig config;
    private final LiveInventory inventory;

    HostFindings(AgentConfig config, LiveInventory inventory) {
        this.config = config;
        this.inventory = inventory;
    }

    @Override
    public Single<JsonArray> get() {
        return Single.fromCallable(this::examine).subscribeOn(Schedulers.io());
    }

    private JsonArray examine() {
        Inventory now = inventory.current();
        HostSnapshot host = new HostSnapshot(
                config,
                Optional.empty(),
                Optional.empty(),
                Path.of("/"),
                HostSnapshot.programFolders(),
                now.host().version(),
                reply(now),
                HostSnapshot.Kernel.NOT_ASKED,
                HostSnapshot.Switch.NOT_ASKED);
        JsonArray findings = new JsonArray();
        Doctor.examineFromWithin(host.observe()).forEach(finding -> findings.add(json(finding)));
        return findings;
    }

    private static JsonObject json(CheckResult finding) {
        return new JsonObject()
                .put("check", finding.check())
                .put("severity", finding.severity().name().toLowerCase(Locale.ROOT))
                .put("what", finding.what())
                .put("why", finding.why())
                .put("remedy", finding.remedy());
    }

    /** Returns what the command gets as the answer of an agent. */
    static AgentReply reply(Inventory now) {
        HostFacts host = now.host();
        Map<String, String> sources = new HashMap<>();
        host.sources()
                .forEach((source, standing) -> sources.put(
                        source.name().toLowerCase(Locale.ROOT),
                        standing.heard().name().toLowerCase(Locale.ROOT)));
        List<LabReply> labs = now.labsByName().stream()
                .map(lab -> new LabReply(lab.name(), lab.running(), lab.trouble()))
                .toList();
        return new AgentReply(
                true,
                Optional.empty(),
                host.version(),
                sources,
                host.ledger().degraded(),
                now.containersById().stream().map(HostFindings::reply).toList(),
                labs);
    }

    private static ContainerReply reply(KnownContainer container) {
        return new ContainerReply(
                container.id().value(),
                container.state(),
                container.reason(),
                container.remedy(),
                container.mesh().standing().map(MeshStanding::remedy).orElse(""),
                container
                        .engine()
                        .map(engine -> new EngineReply(
                                container.name(),
                                engine.network(),
                                container.bridge(),
                                engine.asked().faults())));
    }
}
