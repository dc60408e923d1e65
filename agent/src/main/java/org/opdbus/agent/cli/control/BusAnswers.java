// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.control;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import org.opdbus.agent.cli.output.CannotRunException;
import org.opdbus.config.DBusConfig;
import org.opdbus.verticles.bus.VertxSettings;
import org.opdbus.verticles.dbus.wire.Body;
import org.opdbus.verticles.dbus.wire.BusAddress;
import org.opdbus.verticles.dbus.wire.BusConnection;
import org.opdbus.verticles.dbus.wire.BusErrorException;
import org.opdbus.verticles.dbus.wire.BusMessage;
import org.opdbus.verticles.dbus.wire.MemberAddress;
import org.opdbus.verticles.dbus.wire.ObjectPath;
import org.opdbus.verticles.dbus.wire.Variant;

/**
 * What the bus, the agent and polkit answer to this user.
 *
 * @param caller the unique name of this process on the bus
 * @param names for each configured name, whether a program owns it
 * @param read whether this user may read from the agent
 * @param change whether this user may change the host through it
 */
public record BusAnswers(String caller, Map<String, Right> names, Right read, Right change) {
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final MemberAddress VERSION =
            new MemberAddress("org.opdbus", new ObjectPath("/org/opdbus"), "org.freedesktop.DBus.Properties", "Get");
    private static final MemberAddress POLKIT = new MemberAddress(
            "org.freedesktop.PolicyKit1",
            new ObjectPath("/org/freedesktop/PolicyKit1/Authority"),
            "org.freedesktop.PolicyKit1.Authority",
            "CheckAuthorization");
    private static final String APPLY = "org.opdbus.apply";

    /** An answer, and the reason for it. */
    public record Right(boolean isGiven, String why) {}

    /**
     * Connects and asks.
     *
     * @throws CannotRunException if there is no bus, or it does not accept this user
     */
    public static BusAnswers ask(DBusConfig config) {
        Vertx vertx = Vertx.vertx(VertxSettings.common());
        try {
            return BusConnection.open(vertx, BusAddress.parse(config.address()), new Silent())
                    .compose(connection -> ask(connection, config.names()))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
        } catch (CompletionException e) {
            Throwable why = e.getCause() == null ? e : e.getCause();
            throw new CannotRunException(
                    "there is no bus at " + config.address() + ": " + why.getMessage()
                            + "; is dbus running, and is dbus.address right?",
                    why);
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    private static Future<BusAnswers> ask(BusConnection bus, List<String> names) {
        Map<String, Right> owners = new LinkedHashMap<>();
        Future<Void> asked = Future.succeededFuture();
        for (String name : names) {
            asked = asked.compose(done -> owner(bus, name)).map(right -> {
                owners.put(name, right);
                return null;
            });
        }
        return asked.compose(done -> read(bus))
                .compose(read -> change(bus).map(change -> new BusAnswers(bus.uniqueName(), owners, read, change)));
    }

    private static Future<Right> owner(BusConnection bus, String name) {
        return bus.call(BusMessage.call(BusConnection.bus("GetConnectionUnixProcessID"), Body.of("s", name)), LIMIT)
                .map(answer -> new Right(
                        true, "owned by process " + answer.body().values().get(0)))
                .otherwise(failure -> new Right(
                        false, "no program owns it; is the agent running? See the lines \"dbus\" in its log"));
    }

    private static Future<Right> read(BusConnection bus) {
        BusMessage call = BusMessage.call(VERSION, Body.of("ss", "org.opdbus.Manager1", "Version"));
        return bus.call(call, LIMIT)
                .map(answer -> new Right(
                        true,
                        "the agent is op-dbus "
                                + ((Variant) answer.body().values().get(0)).value()))
                .otherwise(failure -> new Right(false, String.valueOf(failure.getMessage())));
    }

    /** The agent asks polkit the same, except about root. */
    private static Future<Right> change(BusConnection bus) {
        BusMessage whoami = BusMessage.call(BusConnection.bus("GetConnectionUnixUser"), Body.of("s", bus.uniqueName()));
        return bus.call(whoami, LIMIT)
                .compose(answer -> answer.body().values().get(0).equals(0L)
                        ? Future.succeededFuture(new Right(true, "you are root"))
                        : polkit(bus));
    }

    private static Future<Right> polkit(BusConnection bus) {
        Body question = Body.of(
                "(sa{sv})sa{ss}us",
                List.of("system-bus-name", Map.of("name", Variant.of(bus.uniqueName()))),
                APPLY,
                Map.of(),
                0L,
                "");
        return bus.call(BusMessage.call(POLKIT, question), LIMIT)
                .map(BusAnswers::verdict)
                .otherwise(failure -> new Right(
                        false,
                        failure instanceof BusErrorException error
                                        && error.name().endsWith("ServiceUnknown")
                                ? "you are not root, and there is no polkitd to ask for " + APPLY
                                : "polkit does not answer: " + failure.getMessage()));
    }

    private static Right verdict(BusMessage answer) {
        if (!answer.body().signature().equals("(bba{ss})")) {
            return new Right(false, "polkit answers what cannot be understood");
        }
        List<?> verdict = (List<?>) answer.body().values().get(0);
        if (verdict.get(0).equals(true)) {
            return new Right(true, "polkit gives you " + APPLY);
        }
        return new Right(
                false,
                verdict.get(1).equals(true)
                        ? "polkit gives you " + APPLY + " after a password; allow interactive authorization in the call"
                        : "you are not root, and polkit does not give you " + APPLY);
    }

    /** Nothing calls this process. */
    private static final class Silent implements BusConnection.Listener {
        @Override
        public void called(BusMessage call) {}

        @Override
        public void calledTooLong(BusMessage header, long bytes) {}

        @Override
        public void signalled(BusMessage signal) {}

        @Override
        public void ended(String why) {}
    }
}
