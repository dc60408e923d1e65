// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.manager;

import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.reactivex.rxjava3.disposables.Disposable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.opdbus.verticles.dbus.manager.Job.State;
import org.opdbus.verticles.dbus.service.Argument;
import org.opdbus.verticles.dbus.service.BusSession;
import org.opdbus.verticles.dbus.service.ChangeSignals;
import org.opdbus.verticles.dbus.service.InterfaceSpec;
import org.opdbus.verticles.dbus.service.ObjectSource;
import org.opdbus.verticles.dbus.service.PropertySpec.Emits;
import org.opdbus.verticles.dbus.service.ServedObject;
import org.opdbus.verticles.dbus.wire.Body;
import org.opdbus.verticles.dbus.wire.BusErrorException;
import org.opdbus.verticles.dbus.wire.BusMessage;
import org.opdbus.verticles.dbus.wire.ObjectPath;
import org.opdbus.verticles.dbus.work.HostWork;
import org.opdbus.verticles.dbus.work.HostWork.DesiredText;
import org.opdbus.verticles.dbus.work.HostWork.Wish;

/**
 * Work that takes long: one object {@code org.opdbus.Job1} each, which goes a minute after the work has ended. The work goes on
 * when its caller, or the connection, leaves. On the event loop of the connection.
 */
final class Jobs implements ObjectSource {
    static final String INTERFACE = "org.opdbus.Job1";
    private static final ObjectPath FOLDER = new ObjectPath("/org/opdbus/job");
    private static final int RUNNING_MAX = 8;
    private static final int JOBS_MAX = 64;
    private static final long KEPT_S = 60;

    private final HostWork work;
    private final Scheduler loop;
    private final Map<ObjectPath, Job> jobs = new LinkedHashMap<>();
    private final CompositeDisposable underWay = new CompositeDisposable();
    private final InterfaceSpec<Job> spec = InterfaceSpec.<Job>named(INTERFACE)
            .property("Id", "u", Emits.CONST, Job::id)
            .property("State", "s", job -> job.state().word())
            .property("Progress", "s", Job::progress)
            .property("Result", "s", Job::result)
            .signal("Line", new Argument("text", "s"))
            .signal("Ended", new Argument("state", "s"), new Argument("result", "s"))
            .build();
    private Optional<Telling> telling = Optional.empty();
    private long lastId;

    /** The connection on which changes are told. */
    private record Telling(BusSession session, ChangeSignals signals) {}

    Jobs(HostWork work, Scheduler loop) {
        this.work = work;
        this.loop = loop;
    }

    /** Begins to apply a state, which may come on any thread, and returns the job. */
    Single<ObjectPath> apply(Single<DesiredText> state, Wish wish) {
        return state.observeOn(loop).map(text -> begin(text, wish));
    }

    private ObjectPath begin(DesiredText state, Wish wish) {
        long running = jobs.values().stream()
                .filter(job -> job.state() == State.RUNNING)
                .count();
        if (running >= RUNNING_MAX || jobs.size() >= JOBS_MAX) {
            throw BusErrorException.standard("LimitsExceeded", "too many jobs; wait until one has ended");
        }
        lastId++;
        ObjectPath path = FOLDER.child("j" + lastId);
        put(path, new Job(lastId, State.RUNNING, "", ""));
        underWay.add(work.apply(state, wish, line -> loop.scheduleDirect(() -> progress(path, line)))
                .observeOn(loop)
                .subscribe(
                        report -> ended(path, report.failures() == 0 ? State.DONE : State.FAILED, report.json()),
                        failure -> ended(path, State.FAILED, String.valueOf(failure.getMessage()))));
        return path;
    }

    private void progress(ObjectPath path, String line) {
        Job job = jobs.get(path);
        if (job != null) {
            put(path, job.withProgress(line));
            telling.ifPresent(
                    open -> open.session().emit(BusMessage.signal(path, INTERFACE, "Line", Body.of("s", line))));
        }
    }

    private void ended(ObjectPath path, State state, String result) {
        Job job = jobs.get(path);
        if (job != null) {
            put(path, job.ended(state, result));
            telling.ifPresent(open -> open.session()
                    .emit(BusMessage.signal(path, INTERFACE, "Ended", Body.of("ss", state.word(), result))));
            underWay.add(loop.scheduleDirect(() -> remove(path), KEPT_S, TimeUnit.SECONDS));
        }
    }

    private void put(ObjectPath path, Job job) {
        Optional<ServedObject> before = Optional.ofNullable(jobs.put(path, job)).map(was -> object(path, was));
        telling.ifPresent(open -> open.signals().changed(ManagerObject.PATH, before, Optional.of(object(path, job))));
    }

    private void remove(ObjectPath path) {
        Optional<ServedObject> before = Optional.ofNullable(jobs.remove(path)).map(was -> object(path, was));
        telling.ifPresent(open -> open.signals().changed(ManagerObject.PATH, before, Optional.empty()));
    }

    Disposable tell(BusSession session, ChangeSignals signals) {
        telling = Optional.of(new Telling(session, signals));
        return Disposable.fromRunnable(() -> telling = Optional.empty());
    }

    /** Forgets all jobs. What they do goes on to its end. */
    void dispose() {
        underWay.dispose();
    }

    InterfaceSpec<Job> spec() {
        return spec;
    }

    private ServedObject object(ObjectPath path, Job job) {
        return ServedObject.of(path, spec, job);
    }

    @Override
    public Optional<ServedObject> at(ObjectPath path) {
        return Optional.ofNullable(jobs.get(path)).map(job -> object(path, job));
    }

    @Override
    public Stream<ServedObject> all() {
        return jobs.entrySet().stream().map(entry -> object(entry.getKey(), entry.getValue()));
    }
}
