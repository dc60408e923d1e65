// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.testing;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Single;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.dbus.work.HostWork;

/** Keeps what it was asked to do, and does nothing. */
public final class FakeHostWork implements HostWork {
    /** What was asked for: method and argument. */
    public final List<String> asked = new CopyOnWriteArrayList<>();

    @Override
    public Single<String> query(Optional<String> plugin) {
        asked.add("query " + plugin.orElse("everything"));
        return Single.just("{\"queried\":true}");
    }

    @Override
    public Single<String> diff(DesiredText state) {
        asked.add("diff " + state.text());
        return Single.just("{\"changes\":[]}");
    }

    @Override
    public Single<Report> apply(DesiredText state, Wish wish, Consumer<String> progress) {
        asked.add("apply " + state.text() + (wish.prune() ? " pruning" : ""));
        return Single.just(new Report("{\"unchanged\":0}", 0));
    }

    @Override
    public Completable start(ContainerId container) {
        return Completable.fromAction(() -> asked.add("start " + container));
    }

    @Override
    public Completable stop(ContainerId container) {
        return Completable.fromAction(() -> asked.add("stop " + container));
    }

    @Override
    public Completable destroy(ContainerId container) {
        return Completable.fromAction(() -> asked.add("destroy " + container));
    }

    @Override
    public Completable reload() {
        return Completable.fromAction(() -> asked.add("reload"));
    }

    @Override
    public Path stateFile() {
        return Path.of("/nonexistent/state.json");
    }
}
