// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.wiring;

import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.schedulers.Schedulers;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.opdbus.agent.Program;
import org.opdbus.agent.log.LogLevels;
import org.opdbus.agent.log.LogLevels.LoggerLevel;
import org.opdbus.agent.wiring.labs.LabRequests;
import org.opdbus.agent.wiring.uplinks.UplinkRequests;
import org.opdbus.config.AgentConfig;
import org.opdbus.config.state.DesiredContainer;
import org.opdbus.config.state.DesiredState;
import org.opdbus.config.state.EntryForm;
import org.opdbus.config.state.StateLoader;
import org.opdbus.events.ContainerId;
import org.opdbus.events.ContainerId.Kind;
import org.opdbus.ledger.Checkpoint;
import org.opdbus.verticles.control.ControlRequests;
import org.opdbus.verticles.driver.DriverException;
import org.opdbus.verticles.jsonrpc.EncodedJson;
import org.opdbus.verticles.lab.definition.LabRefusal;
import org.opdbus.verticles.state.Applier;
import org.opdbus.verticles.state.ApplyOptions;
import org.opdbus.verticles.state.ApplyProgress;
import org.opdbus.verticles.state.ApplyReport;
import org.opdbus.verticles.state.DiffJson;
import org.opdbus.verticles.state.StateException;

/**
 * The requests that an agent answers, over the control socket or from this process. Each method takes one object, or
 * nothing; states come as text with the name of their source, because both ends check them.
 */
public final class Operations implements ControlRequests {
    private final AgentConfig config;
    private final Answers answers;
    private final Supplier<Single<byte[]>> network;
    private final Supplier<UplinkRequests> uplinks;
    private final LabRequests labs;
    private final Applier applier;
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
     * @param signed the latest signed checkpoint of the ledger; empty if this agent writes none
     */
    Operations(
            AgentConfig config,
            Asked asked,
            Applier applier,
            Optional<AllHosts> allHosts,
            Optional<Supplier<Checkpoint>> signed) {
        this.config = config;
        answers = asked.answers();
        network = asked.network();
        uplinks = asked.uplinks();
        labs = asked.labs();
        this.applier = applier;
        this.allHosts = allHosts;
        this.signed = signed;
    }

    @Override
    public Optional<Single<Object>> request(String method, JsonArray params, Consumer<JsonObject> progress) {
        Object first = params.isEmpty() ? new JsonObject() : params.getValue(0);
        JsonObject given = first instanceof JsonObject object ? object : new JsonObject();
        ApplyProgress lines = new Lines(progress);
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
                            case "diff" -> diff(given);
                            case "apply" -> apply(given, lines);
                            case "create" -> create(given, lines);
                            case "start" -> onLxc(given, id -> applier.start(id, lines));
                            case "stop" -> onLxc(given, id -> applier.stop(id, lines));
                            case "destroy" -> onLxc(given, id -> applier.destroy(id, lines));
                            case "log-level" -> Single.fromCallable(() -> logLevel(given));
                            case "cluster" -> Single.fromCallable(this::cluster);
                            case "hosts" -> Single.defer(() -> allHosts().hosts(given, answers::containers));
                            case "heads" -> Single.defer(() -> allHosts().heads());
                            case "checkpoint" -> Single.fromCallable(this::checkpoint);
                            default -> room(method, given, progress);
                        })
                .map(answer -> answer.<Object>map(value -> value).onErrorResumeNext(Operations::inWords));
    }

    /** Asks the room that the method begins with. */
    private @Nullable Single<?> room(String method, JsonObject given, Consumer<JsonObject> progress) {
        if (method.startsWith(UplinkRequests.PREFIX)) {
            return uplinks.get().request(method, given, progress);
        }
        return method.startsWith(LabRequests.PREFIX) ? labs.request(method, given) : null;
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

    private Single<JsonArray> diff(JsonObject given) {
        return Single.defer(() -> state(given).flatMap(desired -> applier.diff(desired, options(given))))
                .map(diff -> DiffJson.render(diff, Instant.now()));
    }

    private Single<JsonObject> apply(JsonObject given, ApplyProgress progress) {
        return Single.defer(() -> state(given).flatMap(desired -> applier.apply(desired, options(given), progress)))
                .map(Operations::json);
    }

    private static ApplyOptions options(JsonObject given) {
        return new ApplyOptions(
                given.getBoolean("dryRun", false),
                given.getBoolean("prune", false),
                true,
                Optional.ofNullable(given.getString("plugin")).map(Operations::kind));
    }

    private static Kind kind(String plugin) {
        return EntryForm.ofPlugin(plugin)
                .orElseThrow(
                        () -> new IllegalArgumentException("there is no plugin \"" + plugin + "\" of a state file"))
                .kind();
    }

    /** Applies the configured state file. */
    Single<ApplyReport> applyFile(ApplyProgress progress) {
        return state(new JsonObject())
                .flatMap(desired ->
                        applier.apply(desired, new ApplyOptions(false, false, true, Optional.empty()), progress));
    }

    private Single<JsonObject> create(JsonObject given, ApplyProgress progress) {
        return state(given).flatMap(desired -> {
            List<DesiredContainer> containers = desired.containers();
            return containers.size() == 1
                    ? applier.create(containers.get(0), progress).map(Operations::json)
                    : Single.error(new IllegalArgumentException("only one container can be created at a " + "time"));
        });
    }

    /** Returns the given state, or the one in the configured state file. */
    private Single<DesiredState> state(JsonObject given) {
        return Single.fromCallable(() -> given.containsKey("state")
                        ? StateLoader.parse(Path.of(given.getString("source", "state")), given.getString("state"))
                        : StateLoader.load(config.state().file()))
                .subscribeOn(Schedulers.io());
    }

    /** Does the work on a container of LXC, and refuses that on any other. */
    private static Single<JsonObject> onLxc(JsonObject given, Function<ContainerId, Single<ApplyReport>> work) {
        ContainerId id = new ContainerId(given.getString("id", ""));
        return id.kind() == Kind.LXC
                ? work.apply(id).map(Operations::json)
                : Single.error(new IllegalStateException("op-dbus does not start, stop or destroy " + id
                        + ": the program that made it does that; op-dbus attaches it while it runs"));
    }

    private static JsonObject json(ApplyReport report) {
        JsonArray failed = new JsonArray();
        report.failed()
                .forEach(one -> failed.add(new JsonObject()
                        .put("container", one.container().value())
                        .put("step", one.step())
                        .put("message", one.message())
                        .put("remedy", one.remedy())));
        return new JsonObject()
                .put("created", ids(report.created()))
                .put("changed", ids(report.changed()))
                .put("destroyed", ids(report.destroyed()))
                .put("unchanged", report.unchanged())
                .put("failed", failed);
    }

    private static JsonArray ids(List<ContainerId> ids) {
        JsonArray array = new JsonArray();
        ids.forEach(id -> array.add(id.value()));
        return array;
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

    /** Sends lines to the command: results to its output, notes to its messages. */
    private record Lines(Consumer<JsonObject> progress) implements ApplyProgress {
        @Override
        public void done(String line) {
            progress.accept(new JsonObject().put("done", line));
        }

        @Override
        public void note(String line) {
            progress.accept(new JsonObject().put("note", line));
        }
    }
}
