// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.wiring;

import io.reactivex.rxjava3.core.Single;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.opdbus.agent.Program;
import org.opdbus.agent.log.LogLevels;
import org.opdbus.agent.log.LogLevels.LoggerLevel;
import org.opdbus.agent.wiring.labs.LabRequests;
import org.opdbus.agent.wiring.state.StateRequests;
import org.opdbus.agent.wiring.uplinks.UplinkRequests;
import org.opdbus.config.AgentConfig;
import org.opdbus.ledger.Checkpoint;
import org.opdbus.verticles.control.ControlRequests;
import org.opdbus.verticles.driver.DriverException;
import org.opdbus.verticles.jsonrpc.EncodedJson;
import org.opdbus.verticles.lab.definition.LabRefusal;
import org.opdbus.verticles.state.ApplyProgress;
import org.opdbus.verticles.state.ApplyReport;
import org.opdbus.verticles.state.StateException;

/**
 * The requests that an agent answers, over the control socket or from this process. Each method takes one object, or
 * nothing.
 */
public final class Operations implements ControlRequests {
    private final AgentConfig config;
    private final Answers answers;
    private final Supplier<Single<byte[]>> network;
    private final Supplier<UplinkRequests> uplinks;
    private final LabRequests labs;
    private final StateRequests states;
    private final Optional<AllHosts> allHosts;
    private final Optional<Supplier<Checkpoint>> signed;
    private final LogLevels logLevels = new LogLevels();

    /**
     * What only looks at the host.
     *
     * @param network everything about the host's network, as JSON in UTF-8
     * @param uplinks answers requests about uplinks; made when it is first needed
     * @param labs answers requests about labs
     */
    record Asked(
            Answers answers, Supplier<Single<byte[]>> network, Supplier<UplinkRequests> uplinks, LabRequests labs) {}

    /**
     * Creates the operations.
     *
     * @param states answers requests about states
     * @param signed the latest signed checkpoint of the ledger; empty if this agent writes none
     */
    Operations(
            AgentConfig config,
            Asked asked,
            StateRequests states,
            Optional<AllHosts> allHosts,
            Optional<Supplier<Checkpoint>> signed) {
        this.config = config;
        answers = asked.answers();
        network = asked.network();
        uplinks = asked.uplinks();
        labs = asked.labs();
        this.states = states;
        this.allHosts = allHosts;
        this.signed = signed;
    }

    @Override
    public Optional<Single<Object>> request(String method, JsonArray params, Consumer<JsonObject> progress) {
        Object first = params.isEmpty() ? new JsonObject() : params.getValue(0);
        JsonObject given = first instanceof JsonObject object ? object : new JsonObject();
        return Optional.ofNullable(
                        switch (method) {
                            case "version" ->
                                Single.just(new JsonObject()
                                        .put("version", Program.version())
                                        .put("host", config.host()));
                            case "query" ->
                                labs.query(
                                        first instanceof String plugin ? Optional.of(plugin) : Optional.empty(),
                                        answers::query);
                            case "containers" ->
                                answers.containers().map(all -> new JsonObject().put("containers", all));
                            case "introspect" -> network.get().map(json -> new EncodedJson(Buffer.buffer(json)));
                            case "state-file" -> answers.stateFile().map(text -> new JsonObject().put("state", text));
                            case "log-level" -> Single.fromCallable(() -> logLevel(given));
                            case "cluster" -> Single.fromCallable(this::cluster);
                            case "hosts" -> Single.defer(() -> allHosts().hosts(given, answers::containers));
                            case "heads" -> Single.defer(() -> allHosts().heads());
                            case "checkpoint" -> Single.fromCallable(this::checkpoint);
                            default -> room(method, given, progress);
                        })
                .map(answer -> answer.<Object>map(value -> value).onErrorResumeNext(Operations::inWords));
    }

    /** Asks the room that the method begins with, or that of states. */
    private @Nullable Single<?> room(String method, JsonObject given, Consumer<JsonObject> progress) {
        if (method.startsWith(UplinkRequests.PREFIX)) {
            return uplinks.get().request(method, given, progress);
        }
        return method.startsWith(LabRequests.PREFIX)
                ? labs.request(method, given)
                : states.request(method, given, progress);
    }

    /** Shows all levels, shows one, or sets one, depending on the parameters. */
    private JsonArray logLevel(JsonObject given) {
        Optional<String> name = Optional.ofNullable(given.getString("package"));
        Optional<String> level = Optional.ofNullable(given.getString("level"));
        List<LoggerLevel> levels = name.isEmpty()
                ? logLevels.list()
                : List.of(level.isPresent() ? logLevels.set(name.get(), level.get()) : logLevels.show(name.get()));
        JsonArray array = new JsonArray();
        levels.forEach(each -> array.add(new JsonObject()
                .put("package", each.name())
                .put("level", each.level())
                .put("own", each.own())));
        return array;
    }

    /** Returns how far the host has signed its ledger, as a signed note. */
    private JsonObject checkpoint() {
        return new JsonObject()
                .put(
                        "checkpoint",
                        signed.map(known -> known.get().note())
                                .orElseThrow(() -> new IllegalStateException("this agent writes no ledger")));
    }

    /** Returns the hosts that take part in the cluster now, this one first. */
    private JsonArray cluster() {
        JsonArray hosts = new JsonArray();
        allHosts().present().forEach(host -> hosts.add(new JsonObject().put("host", host)));
        return hosts;
    }

    private AllHosts allHosts() {
        return allHosts.orElseThrow(
                () -> new IllegalStateException("this host is in no cluster; see \"op-dbus cluster init --help\""));
    }

    /** Applies the configured state file. */
    Single<ApplyReport> applyFile(ApplyProgress progress) {
        return states.applyFile(progress);
    }

    private static Single<Object> inWords(Throwable failure) {
        String remedy = "";
        if (failure instanceof StateException state) {
            remedy = state.remedy();
        } else if (failure instanceof DriverException driver) {
            remedy = driver.remedy();
        } else if (failure instanceof LabRefusal refusal) {
            remedy = refusal.remedy();
        }
        String message = Optional.ofNullable(failure.getMessage()).orElse(failure.toString());
        return Single.error(new IllegalStateException(remedy.isEmpty() ? message : message + "; " + remedy, failure));
    }
}
