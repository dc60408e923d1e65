// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.access;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.opdbus.verticles.dbus.wire.Body;
import org.opdbus.verticles.dbus.wire.BusConnection;
import org.opdbus.verticles.dbus.wire.BusErrorException;
import org.opdbus.verticles.dbus.wire.BusMessage;
import org.opdbus.verticles.dbus.wire.MemberAddress;
import org.opdbus.verticles.dbus.wire.ObjectPath;
import org.opdbus.verticles.dbus.wire.Variant;

/**
 * Asks polkit whether a caller has an action (org.freedesktop.PolicyKit1.Authority). The caller is described by its name on the
 * bus and never by its process, whose number another process can get.
 *
 * <p>The number of questions that wait is limited, also for each user: a user can make as many connections as the bus allows. A
 * question whose caller has left the bus goes on to its limit; it takes a place of its own user's.
 */
public final class Polkit {
    private static final String NAME = "org.freedesktop.PolicyKit1";
    private static final String INTERFACE = "org.freedesktop.PolicyKit1.Authority";
    private static final ObjectPath PATH = new ObjectPath("/org/freedesktop/PolicyKit1/Authority");
    private static final long ALLOW_USER_INTERACTION = 1;

    private static final int QUESTIONS_MAX = 64;
    /** Enough for a program that calls several methods at once. */
    private static final int QUESTIONS_OF_USER_MAX = 16;
    /** Each of them can show a dialog. */
    private static final int DIALOGS_OF_USER_MAX = 4;

    /** How long to wait for an answer. */
    record Limits(Duration alone, Duration withPerson) {
        static final Limits DEFAULT = new Limits(Duration.ofSeconds(10), Duration.ofSeconds(120));
    }

    /** A question, without who asks it. */
    record Action(String id, boolean mayAskPerson) {}

    /** A user's questions that wait; those that may show a dialog count apart. */
    private record Place(long uid, boolean mayAskPerson) {}

    private final BusConnection bus;
    private final Limits limits;
    private final Map<Place, Integer> waiting = new HashMap<>();
    private int waitingOfAll;
    private long questions;

    /** Creates an object for a connection that is open. */
    public Polkit(BusConnection bus) {
        this(bus, Limits.DEFAULT);
    }

    Polkit(BusConnection bus, Limits limits) {
        this.bus = bus;
        this.limits = limits;
    }

    /** Returns why the caller does not have the action; empty if it has it. Never fails, and ends in a limited time. */
    Future<Optional<Denial>> check(CallerIdentity caller, Action action) {
        Place place = new Place(caller.uid(), action.mayAskPerson());
        int ofUser = waiting.getOrDefault(place, 0);
        int ofUserMax = action.mayAskPerson() ? DIALOGS_OF_USER_MAX : QUESTIONS_OF_USER_MAX;
        if (waitingOfAll >= QUESTIONS_MAX || ofUser >= ofUserMax) {
            return Future.succeededFuture(Optional.of(Denial.TOO_MANY_QUESTIONS));
        }
        waiting.put(place, ofUser + 1);
        waitingOfAll++;
        return ask(caller, action).onComplete(answered -> {
            waiting.computeIfPresent(place, (key, count) -> count > 1 ? count - 1 : null);
            waitingOfAll--;
        });
    }

    /** Returns how many questions wait. */
    int waiting() {
        return waitingOfAll;
    }

    private Future<Optional<Denial>> ask(CallerIdentity caller, Action action) {
        questions++;
        String cancellation = "op-dbus-" + questions;
        BusMessage question = BusMessage.call(
                method("CheckAuthorization"),
                Body.of(
                        "(sa{sv})sa{ss}us",
                        List.of("system-bus-name", Map.of("name", Variant.of(caller.busName()))),
                        action.id(),
                        Map.of(),
                        action.mayAskPerson() ? ALLOW_USER_INTERACTION : 0L,
                        cancellation));
        return bus.call(question, action.mayAskPerson() ? limits.withPerson() : limits.alone())
                .map(answer -> denial(answer, action.mayAskPerson()))
                .recover(failure -> {
                    Denial why = denial(failure);
                    if (why == Denial.POLKIT_SILENT) {
                        cancel(cancellation);
                    }
                    return Future.succeededFuture(Optional.of(why));
                });
    }

    /** Tells polkit to close its dialog. A polkitd that has ended must not be started for that. */
    private void cancel(String cancellation) {
        bus.send(BusMessage.call(method("CancelCheckAuthorization"), Body.of("s", cancellation))
                .withFlags(BusMessage.NO_REPLY_EXPECTED | BusMessage.NO_AUTO_START));
    }

    private static MemberAddress method(String name) {
        return new MemberAddress(NAME, PATH, INTERFACE, name);
    }

    private static Optional<Denial> denial(BusMessage answer, boolean mayAskPerson) {
        // Whether the caller has the action, whether it would have it after a person has proved who they are, and
        // details.
        if (!answer.body().signature().equals("(bba{ss})")) {
            return Optional.of(Denial.POLKIT_FAILS);
        }
        List<?> verdict = (List<?>) answer.body().values().get(0);
        if (verdict.get(0).equals(true)) {
            return Optional.empty();
        }
        if (!verdict.get(1).equals(true)) {
            return Optional.of(Denial.POLKIT_REFUSES);
        }
        return Optional.of(mayAskPerson ? Denial.NEEDS_AGENT : Denial.NEEDS_PERSON);
    }

    private static Denial denial(Throwable failure) {
        if (!(failure instanceof BusErrorException error)) {
            return Denial.POLKIT_FAILS;
        }
        String last = error.name().substring(error.name().lastIndexOf('.') + 1);
        boolean isNotStarted = error.name().startsWith("org.freedesktop.DBus.Error.Spawn.");
        return switch (last) {
            case "NoReply", "Timeout", "TimedOut", "Disconnected" -> Denial.POLKIT_SILENT;
            case "ServiceUnknown", "NameHasNoOwner" -> Denial.POLKIT_ABSENT;
            default -> isNotStarted ? Denial.POLKIT_ABSENT : Denial.POLKIT_FAILS;
        };
    }
}
