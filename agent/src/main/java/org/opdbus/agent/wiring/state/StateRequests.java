// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.wiring.state;

import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.schedulers.Schedulers;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.opdbus.config.state.DesiredContainer;
import org.opdbus.config.state.DesiredState;
import org.opdbus.config.state.EntryForm;
import org.opdbus.config.state.StateLoader;
import org.opdbus.events.ContainerId;
import org.opdbus.events.ContainerId.Kind;
import org.opdbus.verticles.state.Applier;
import org.opdbus.verticles.state.ApplyOptions;
import org.opdbus.verticles.state.ApplyProgress;
import org.opdbus.verticles.state.ApplyReport;
import org.opdbus.verticles.state.DiffJson;

/**
 * The requests about the desired state, and about single containers of LXC. Each takes one object; states come as text with the name
 * of their source, because both ends check them.
 */
public final class StateRequests {
    private final Path stateFile;
    private final Applier applier;

    /**
     * Answers with this applier.
     *
     * @param stateFile the configured state file, for a request that has no state
     */
    public StateRequests(Path stateFile, Applier applier) {
        this.stateFile = stateFile;
        this.applier = applier;
    }

    /** Returns the answer; null if the method is not about states. */
    public @Nullable Single<?> request(String method, JsonObject given, Consumer<JsonObject> progress) {
        ApplyProgress lines = new Lines(progress);
        return switch (method) {
            case "diff" -> diff(given);
            case "apply" -> apply(given, lines);
            case "create" -> create(given, lines);
            case "start" -> onLxc(given, id -> applier.start(id, lines));
            case "stop" -> onLxc(given, id -> applier.stop(id, lines));
            case "destroy" -> onLxc(given, id -> applier.destroy(id, lines));
            default -> null;
        };
    }

    private Single<JsonArray> diff(JsonObject given) {
        return Single.defer(() -> state(given).flatMap(desired -> applier.diff(desired, options(given))))
                .map(diff -> DiffJson.render(diff, Instant.now()));
    }

    private Single<JsonObject> apply(JsonObject given, ApplyProgress progress) {
        return Single.defer(() -> state(given).flatMap(desired -> applier.apply(desired, options(given), progress)))
                .map(StateRequests::json);
    }

    private static ApplyOptions options(JsonObject given) {
        return new ApplyOptions(
                given.getBoolean("dryRun", false),
                given.getBoolean("prune", false),
                true,
                Optional.ofNullable(given.getString("plugin")).map(StateRequests::kind));
    }

    private static Kind kind(String plugin) {
        return EntryForm.ofPlugin(plugin)
                .orElseThrow(
                        () -> new IllegalArgumentException("there is no plugin \"" + plugin + "\" of a state file"))
                .kind();
    }

    /** Applies the configured state file. */
    public Single<ApplyReport> applyFile(ApplyProgress progress) {
        return state(new JsonObject())
                .flatMap(desired ->
                        applier.apply(desired, new ApplyOptions(false, false, true, Optional.empty()), progress));
    }

    private Single<JsonObject> create(JsonObject given, ApplyProgress progress) {
        return state(given).flatMap(desired -> {
            List<DesiredContainer> containers = desired.containers();
            return containers.size() == 1
                    ? applier.create(containers.get(0), progress).map(StateRequests::json)
                    : Single.error(new IllegalArgumentException("only one container can be created at a time"));
        });
    }

    /** Returns the given state, or the one in the configured state file. */
    private Single<DesiredState> state(JsonObject given) {
        return Single.fromCallable(() -> given.containsKey("state")
                        ? StateLoader.parse(Path.of(given.getString("source", "state")), given.getString("state"))
                        : StateLoader.load(stateFile))
                .subscribeOn(Schedulers.io());
    }

    /** Does the work on a container of LXC, and refuses that on any other. */
    private static Single<JsonObject> onLxc(JsonObject given, Function<ContainerId, Single<ApplyReport>> work) {
        ContainerId id = new ContainerId(given.getString("id", ""));
        return id.kind() == Kind.LXC
                ? work.apply(id).map(StateRequests::json)
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
