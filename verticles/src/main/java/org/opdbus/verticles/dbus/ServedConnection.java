// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus;

import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.reactivex.rxjava3.disposables.Disposable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.dbus.service.BusSession;
import org.opdbus.verticles.dbus.service.Dispatcher;
import org.opdbus.verticles.dbus.service.Face;
import org.opdbus.verticles.dbus.wire.Body;
import org.opdbus.verticles.dbus.wire.BusConnection;
import org.opdbus.verticles.dbus.wire.BusErrorException;
import org.opdbus.verticles.dbus.wire.BusMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One connection to the bus, from its greeting to its end: its names, its calls and its signals. On its event loop. */
final class ServedConnection implements BusConnection.Listener, BusSession {
    private static final Logger LOG = LoggerFactory.getLogger(ServedConnection.class);
    private static final Duration BUS_LIMIT = Duration.ofSeconds(20);
    private static final String BUS = "org.freedesktop.DBus";
    /** The answer of RequestName that another program has the name. */
    private static final Long IN_QUEUE = 2L;

    private final List<Face> faces;
    private final Consumer<String> end;
    private final CompositeDisposable telling = new CompositeDisposable();
    private final Map<String, List<Runnable>> watched = new HashMap<>();
    private @Nullable BusConnection connection;
    private @Nullable Dispatcher dispatcher;

    ServedConnection(List<Face> faces, Consumer<String> end) {
        this.faces = faces;
        this.end = end;
    }

    /** Begins to serve: objects first, then names, so that a caller who finds a name finds its objects, too. */
    void begin(BusConnection made, Dispatcher calls) {
        connection = made;
        dispatcher = calls;
        faces.forEach(face -> {
            telling.add(face.tell(this));
            own(face.busName());
        });
    }

    /** A name that another program has is given to the agent when that program gives it up. */
    private void own(String name) {
        ask(BusMessage.call(BusConnection.bus("RequestName"), Body.of("su", name, 0L)))
                .subscribe(
                        answer -> {
                            if (answer.body().values().get(0).equals(IN_QUEUE)) {
                                LOG.warn(
                                        "dbus: another program owns {}; the agent gets it when that program gives it up",
                                        name);
                            }
                        },
                        failure -> LOG.warn(
                                "dbus: the bus does not give {} to the agent: {}; see its policy in "
                                        + "/usr/share/dbus-1/system.d, or leave the name out of dbus.names",
                                name,
                                failure.getMessage()),
                        telling);
    }

    private Single<BusMessage> ask(BusMessage call) {
        return call(call, BUS_LIMIT);
    }

    @Override
    public Single<BusMessage> call(BusMessage call, Duration limit) {
        BusConnection open = connection;
        return open == null
                ? Single.error(BusErrorException.standard("Disconnected", "there is no connection to the bus"))
                : Single.create(answer ->
                        open.call(call, limit).onSuccess(answer::onSuccess).onFailure(answer::tryOnError));
    }

    @Override
    public void emit(BusMessage signal) {
        BusConnection open = connection;
        if (open != null) {
            open.send(signal);
        }
    }

    @Override
    public boolean isBusy() {
        BusConnection open = connection;
        return open != null && open.isBusy();
    }

    @Override
    public Disposable whenGone(String busName, Runnable work) {
        List<Runnable> waiting = watched.get(busName);
        if (waiting == null) {
            waiting = new ArrayList<>();
            watched.put(busName, waiting);
            match("AddMatch", busName);
            // It may have gone before the bus knew that it is watched.
            ask(BusMessage.call(BusConnection.bus("NameHasOwner"), Body.of("s", busName)))
                    .subscribe(
                            answer -> {
                                if (answer.body().values().get(0).equals(false)) {
                                    gone(busName);
                                }
                            },
                            failure -> gone(busName),
                            telling);
        }
        waiting.add(work);
        return Disposable.fromRunnable(() -> forget(busName, work));
    }

    private void forget(String busName, Runnable work) {
        List<Runnable> waiting = watched.getOrDefault(busName, new ArrayList<>());
        if (waiting.remove(work) && waiting.isEmpty()) {
            watched.remove(busName);
            match("RemoveMatch", busName);
        }
    }

    private void match(String method, String busName) {
        String rule = "type='signal',sender='" + BUS + "',interface='" + BUS + "',member='NameOwnerChanged',arg0='"
                + busName + "'";
        ask(BusMessage.call(BusConnection.bus(method), Body.of("s", rule)))
                .subscribe(
                        done -> {}, failure -> LOG.debug("dbus: {} failed: {}", method, failure.getMessage()), telling);
    }

    private void gone(String busName) {
        List<Runnable> waiting = watched.remove(busName);
        if (waiting != null) {
            match("RemoveMatch", busName);
            waiting.forEach(Runnable::run);
        }
    }

    @Override
    public void called(BusMessage call) {
        Dispatcher serving = dispatcher;
        if (serving != null) {
            serving.called(call, this::emit);
        }
    }

    @Override
    public void calledTooLong(BusMessage header, long bytes) {
        Dispatcher serving = dispatcher;
        if (serving != null) {
            serving.calledTooLong(header, bytes, this::emit);
        }
    }

    @Override
    public void signalled(BusMessage signal) {
        if (!signal.sender().equals(Optional.of(BUS))) {
            return;
        }
        List<Object> values = signal.body().values();
        switch (signal.member().orElse("")) {
            case "NameOwnerChanged" -> {
                if (values.size() == 3 && values.get(2).equals("")) {
                    gone(values.get(0).toString());
                }
            }
            case "NameAcquired" -> acquired(values.get(0).toString());
            case "NameLost" -> LOG.warn("dbus: the agent has lost the name {}", values.get(0));
            default -> {
                // The agent asks for no other signal.
            }
        }
    }

    private void acquired(String name) {
        if (faces.stream().anyMatch(face -> face.busName().equals(name))) {
            LOG.info("dbus: the agent owns {}", name);
        }
    }

    @Override
    public void ended(String why) {
        finish();
        end.accept(why);
    }

    void close() {
        finish();
        BusConnection open = connection;
        if (open != null) {
            open.close();
        }
    }

    private void finish() {
        telling.dispose();
        Dispatcher serving = dispatcher;
        if (serving != null) {
            serving.dispose();
        }
        // The work may take itself off the lists.
        List<Runnable> all = watched.values().stream().flatMap(List::stream).toList();
        watched.clear();
        all.forEach(Runnable::run);
    }
}
