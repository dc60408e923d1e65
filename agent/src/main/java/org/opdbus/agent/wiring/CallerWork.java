// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.wiring;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.dbus.work.HostWork;
import org.opdbus.verticles.state.reload.LoggedProgress;

/** Lets callers on D-Bus do what the command line does, through the same requests. */
final class CallerWork implements HostWork {
    private final Operations operations;
    private final Path stateFile;
    private final CompositeDisposable reloads = new CompositeDisposable();

    CallerWork(Operations operations, Path stateFile) {
        this.operations = operations;
        this.stateFile = stateFile;
    }

    @Override
    public Single<String> query(Optional<String> plugin) {
        return ask("query", plugin.map(JsonArray::of).orElseGet(JsonArray::new), line -> {})
                .map(Object::toString);
    }

    @Override
    public Single<String> diff(DesiredText state) {
        return ask("diff", JsonArray.of(json(state)), line -> {}).map(Object::toString);
    }

    @Override
    public Single<Report> apply(DesiredText state, Wish wish, Consumer<String> progress) {
        JsonObject given = json(state).put("dryRun", wish.dryRun()).put("prune", wish.prune());
        return ask("apply", JsonArray.of(given), progress).map(CallerWork::report);
    }

    @Override
    public Completable start(ContainerId container) {
        return one("start", container);
    }

    @Override
    public Completable stop(ContainerId container) {
        return one("stop", container);
    }

    @Override
    public Completable destroy(ContainerId container) {
        return one("destroy", container);
    }

    private Completable one(String method, ContainerId container) {
        return ask(method, JsonArray.of(new JsonObject().put("id", container.value())), line -> {})
                .flatMapCompletable(answer -> {
                    Report report = report(answer);
                    return report.failures() == 0
                            ? Completable.complete()
                            : Completable.error(new IllegalStateException(report.json()));
                });
    }

    @Override
    public Completable reload() {
        return Completable.fromAction(() -> operations
                .applyFile(new LoggedProgress())
                .subscribe(LoggedProgress::finished, LoggedProgress::refused, reloads));
    }

    @Override
    public Path stateFile() {
        return stateFile;
    }

    private Single<Object> ask(String method, JsonArray params, Consumer<String> progress) {
        return operations
                .request(
                        method,
                        params,
                        said -> said.fieldNames().forEach(kind -> progress.accept(said.getString(kind))))
                .orElseThrow();
    }

    private static JsonObject json(DesiredText state) {
        return new JsonObject().put("source", state.source()).put("state", state.text());
    }

    private static Report report(Object answer) {
        return answer instanceof JsonObject report
                ? new Report(
                        report.encode(),
                        report.getJsonArray("failed", new JsonArray()).size())
                : new Report(String.valueOf(answer), 0);
    }
}
