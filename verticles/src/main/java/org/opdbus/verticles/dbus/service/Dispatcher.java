// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.service;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.opdbus.verticles.dbus.service.CallerRights.Question;
import org.opdbus.verticles.dbus.service.Served.Callable;
import org.opdbus.verticles.dbus.wire.Body;
import org.opdbus.verticles.dbus.wire.BusErrorException;
import org.opdbus.verticles.dbus.wire.BusMessage;
import org.opdbus.verticles.dbus.wire.MalformedMessageException;
import org.opdbus.verticles.dbus.wire.ObjectPath;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out calls: finds the method, checks the types, asks whether the caller may, records a change, calls, and answers. A
 * caller has few calls under way at once, and all callers together not many; each call ends in a limited time. On the event
 * loop of the connection.
 */
public final class Dispatcher {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
    private static final int CALLS_MAX = 256;
    private static final int CALLS_OF_ONE_MAX = 64;
    private static final long CALL_LIMIT_MS = 150_000;
    private static final int ERROR_LENGTH_MAX = 4_096;

    private final ObjectTree tree;
    private final StandardInterfaces interfaces;
    private final CallerRights rights;
    private final ChangeRecord record;
    private final Scheduler loop;
    private final Map<String, Integer> underWay = new HashMap<>();
    private final CompositeDisposable work = new CompositeDisposable();
    private int underWayOfAll;

    /**
     * Creates a dispatcher.
     *
     * @param loop the event loop of the connection
     */
    public Dispatcher(ObjectTree tree, CallerRights rights, ChangeRecord record, Scheduler loop) {
        this.tree = tree;
        this.rights = rights;
        this.record = record;
        this.loop = loop;
        interfaces = new StandardInterfaces(tree, rights);
    }

    /**
     * Carries out a call.
     *
     * @param answers takes the answer, later or at once; nothing if the caller wants none
     */
    public void called(BusMessage call, Consumer<BusMessage> answers) {
        String caller = call.sender().orElse("");
        Consumer<BusMessage> answer = call.has(BusMessage.NO_REPLY_EXPECTED) ? unwanted -> {} : answers;
        int ofCaller = underWay.getOrDefault(caller, 0);
        if (ofCaller >= CALLS_OF_ONE_MAX || underWayOfAll >= CALLS_MAX) {
            answer.accept(error(
                    call,
                    BusErrorException.standard(
                            "LimitsExceeded", "too many calls are under way; wait for answers before calling again")));
            return;
        }
        underWay.put(caller, ofCaller + 1);
        underWayOfAll++;
        Single.defer(() -> carryOut(call))
                .timeout(
                        CALL_LIMIT_MS,
                        TimeUnit.MILLISECONDS,
                        loop,
                        Single.error(() -> BusErrorException.standard(
                                "Timeout", "the call did not end in " + CALL_LIMIT_MS / 1_000 + " s")))
                .observeOn(loop)
                .doFinally(() -> ended(caller))
                // What has ended is not kept: it would hold the call, which can have two megabytes.
                .subscribe(
                        message -> send(call, message, answer), failure -> answer.accept(error(call, failure)), work);
    }

    private static void send(BusMessage call, BusMessage message, Consumer<BusMessage> answer) {
        try {
            answer.accept(message);
        } catch (MalformedMessageException e) {
            // Most often it is too long.
            answer.accept(error(
                    call,
                    BusErrorException.standard(
                            "LimitsExceeded", "the answer does not fit into a message: " + e.getMessage())));
        }
    }

    /** Answers a call that was too long to be read. */
    public void calledTooLong(BusMessage header, long bytes, Consumer<BusMessage> answers) {
        if (!header.has(BusMessage.NO_REPLY_EXPECTED)) {
            answers.accept(error(
                    header,
                    BusErrorException.standard(
                            "LimitsExceeded", "a call of " + bytes + " bytes is too long; 2 MiB are read")));
        }
    }

    /** Gives up all calls under way, because the connection has ended. What they do goes on to its end. */
    public void dispose() {
        work.dispose();
    }

    private void ended(String caller) {
        underWayOfAll--;
        underWay.computeIfPresent(caller, (name, count) -> count > 1 ? count - 1 : null);
    }

    private Single<BusMessage> carryOut(BusMessage call) {
        ObjectPath path = call.path().orElse(ObjectPath.ROOT);
        Optional<ObjectTree.Found> found = tree.find(path);
        if (found.isEmpty() || !found.get().isPublic()) {
            // Whether there is such an object is for those who may read.
            return require(call, Access.READ, "access to objects")
                    .flatMap(reader -> found.isPresent()
                            ? carryOut(call, found.get().object())
                            : Single.error(BusErrorException.standard("UnknownObject", "there is no object " + path)));
        }
        return carryOut(call, found.get().object());
    }

    private Single<BusMessage> carryOut(BusMessage call, ServedObject object) {
        Callable<?> callable = callable(call, object);
        MethodSpec<?> method = callable.method();
        String given = call.body().signature();
        if (!given.equals(method.signatureIn())) {
            throw BusErrorException.standard(
                    "InvalidArgs",
                    method.name() + " takes (" + method.signatureIn() + "), and the call gives (" + given + ")");
        }
        String operation = callable.interfaceName() + "." + method.name();
        return require(call, method.access(), operation).flatMap(caller -> {
            Call made = new Call(caller, object.path(), call.body().values());
            return recorded(callable, made, operation)
                    .andThen(callable.call(made))
                    .map(results -> call.reply(Body.of(method.signatureOut(), results)));
        });
    }

    private Callable<?> callable(BusMessage call, ServedObject object) {
        String member = call.member().orElse("");
        List<Served<?>> all = interfaces.of(object);
        List<Served<?>> named = call.interfaceName()
                .map(name -> all.stream()
                        .filter(each -> each.spec().name().equals(name))
                        .toList())
                .orElse(List.copyOf(all));
        if (named.isEmpty()) {
            throw BusErrorException.standard(
                    "UnknownInterface", "object " + object.path() + " has no interface of this name");
        }
        for (Served<?> each : named) {
            Optional<? extends Callable<?>> found = each.method(member);
            if (found.isPresent()) {
                return found.get();
            }
        }
        throw BusErrorException.standard("UnknownMethod", "object " + object.path() + " has no method of this name");
    }

    private Single<Caller> require(BusMessage call, Access access, String operation) {
        String name = call.sender().orElse("");
        return access == Access.OPEN
                ? Single.just(new Caller(name, Long.MAX_VALUE, 0))
                : rights.require(new Question(
                                name, access, operation, call.has(BusMessage.ALLOW_INTERACTIVE_AUTHORIZATION)))
                        .observeOn(loop);
    }

    private Completable recorded(Callable<?> callable, Call call, String operation) {
        Access access = callable.method().access();
        boolean changes = access == Access.CHANGE || access == Access.ROOT;
        return changes
                ? record.requested(call.caller(), operation, callable.target(call))
                        .observeOn(loop)
                : Completable.complete();
    }

    /** The text can quote an argument, so it is cut: an answer must not be as long as the longest call. */
    private static BusMessage error(BusMessage call, Throwable failure) {
        String text = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        String why = text.length() > ERROR_LENGTH_MAX ? text.substring(0, ERROR_LENGTH_MAX) + "…" : text;
        if (failure instanceof BusErrorException known) {
            return call.error(known.name(), why);
        }
        if (failure instanceof MalformedMessageException) {
            return call.error("org.freedesktop.DBus.Error.InvalidArgs", why);
        }
        if (isDefect(failure)) {
            LOG.warn("dbus: a call failed by a defect: {}", call.member().orElse(""), failure);
        }
        return call.error("org.freedesktop.DBus.Error.Failed", why);
    }

    /** The agent's own exceptions, and those of the disk, say what did not work. Java's say that the code is wrong. */
    private static boolean isDefect(Throwable failure) {
        String thrownBy = failure.getClass().getPackageName();
        return failure instanceof RuntimeException
                && (thrownBy.equals("java.lang") || thrownBy.equals("java.util"))
                && !(failure instanceof IllegalStateException)
                && !(failure instanceof IllegalArgumentException);
    }
}
