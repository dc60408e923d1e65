// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.wrapper;

import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.core.SingleEmitter;
import io.reactivex.rxjava3.disposables.Disposable;
import io.reactivex.rxjava3.subscribers.DisposableSubscriber;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.opdbus.verticles.dbus.service.BusSession;
import org.opdbus.verticles.dbus.wire.Body;
import org.opdbus.verticles.dbus.wire.BusErrorException;
import org.opdbus.verticles.dbus.wire.BusMessage;
import org.opdbus.verticles.dbus.wire.ObjectPath;

/**
 * One monitor of a caller: it sends each update of the database to the caller as a signal. While the bus does not keep up it
 * takes no further update; the database's side limits what waits. On the event loop of the connection.
 */
final class TableWatch extends DisposableSubscriber<String> {
    private static final long BUSY_PAUSE_MS = 20;

    private final Reader reader;
    private final Scheduler loop;
    private final SingleEmitter<ObjectPath> answer;
    private final Consumer<ObjectPath> forget;
    private Disposable watch = Disposable.disposed();
    private boolean isAnswered;
    private boolean hasEnded;

    /** Who reads the monitor, and where. */
    record Reader(ObjectPath path, String caller, BusSession session) {}

    /**
     * Creates a monitor.
     *
     * @param answer takes the path once the first update is there
     * @param forget called once at the end
     */
    TableWatch(Reader reader, Scheduler loop, SingleEmitter<ObjectPath> answer, Consumer<ObjectPath> forget) {
        this.reader = reader;
        this.loop = loop;
        this.answer = answer;
        this.forget = forget;
        // The caller of a call that has timed out does not know the monitor.
        answer.setCancellable(() -> {
            if (!isAnswered) {
                end();
            }
        });
    }

    boolean isOf(String caller) {
        return reader.caller().equals(caller);
    }

    /** Disposes of this at the end. */
    void endWith(Disposable disposable) {
        watch = disposable;
        if (hasEnded) {
            disposable.dispose();
        }
    }

    /** Ends the monitor without a word to the caller. */
    void end() {
        if (!hasEnded) {
            hasEnded = true;
            dispose();
            watch.dispose();
            forget.accept(reader.path());
            if (!isAnswered) {
                answer.tryOnError(BusErrorException.standard("Disconnected", "the monitor was ended as it began"));
            }
        }
    }

    @Override
    protected void onStart() {
        request(1);
    }

    @Override
    public void onNext(String update) {
        if (isAnswered) {
            send(update);
        } else {
            isAnswered = true;
            answer.onSuccess(reader.path());
            // The answer is sent as a task of this loop, and the caller needs it before the signal.
            later(update, 0);
        }
    }

    private void later(String update, long delayMs) {
        Disposable unused = loop.scheduleDirect(() -> send(update), delayMs, TimeUnit.MILLISECONDS);
    }

    private void send(String update) {
        if (hasEnded) {
            return;
        }
        if (reader.session().isBusy()) {
            later(update, BUSY_PAUSE_MS);
            return;
        }
        emit("Update", update);
        request(1);
    }

    @Override
    public void onError(Throwable failure) {
        if (!isAnswered) {
            answer.tryOnError(failure);
        } else if (!hasEnded) {
            emit("Ended", String.valueOf(failure.getMessage()));
        }
        end();
    }

    @Override
    public void onComplete() {
        end();
    }

    private void emit(String signal, String text) {
        reader.session()
                .emit(BusMessage.signal(reader.path(), TableWatches.INTERFACE, signal, Body.of("s", text))
                        .to(reader.caller()));
    }
}
