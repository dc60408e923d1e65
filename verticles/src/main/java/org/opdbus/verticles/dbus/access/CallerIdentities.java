// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.access;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.opdbus.verticles.dbus.wire.Body;
import org.opdbus.verticles.dbus.wire.BusConnection;
import org.opdbus.verticles.dbus.wire.BusMessage;

/**
 * Asks the bus who its connections are, once for each: a bus never gives a unique name again, and what it knows of a connection
 * never changes (section "org.freedesktop.DBus.GetConnectionCredentials"). The identities of the last callers are kept.
 */
public final class CallerIdentities {
    private static final int KEPT_MAX = 256;
    private static final Duration LIMIT = Duration.ofSeconds(10);
    /** Only the bus can send under this name. */
    private static final String BUS = "org.freedesktop.DBus";

    private final BusConnection bus;
    /** In the order of their last use; those that are being asked for, too, so that nothing is asked for twice at once. */
    private final Map<String, Future<CallerIdentity>> known = new LinkedHashMap<>(16, 0.75f, true);

    /** Creates an object for a connection that is open. */
    public CallerIdentities(BusConnection bus) {
        this.bus = bus;
    }

    /** Returns who a connection is; fails if the bus does not say, for example because the connection has ended. */
    Future<CallerIdentity> identify(String busName) {
        Future<CallerIdentity> earlier = known.get(busName);
        if (earlier != null && !earlier.failed()) {
            return earlier;
        }
        if (!busName.startsWith(":")) {
            return Future.failedFuture("only a unique name stands for one connection");
        }
        Future<CallerIdentity> asked =
                ask("GetConnectionCredentials", busName).map(answer -> CallerIdentity.of(busName, answer));
        known.put(busName, asked);
        if (known.size() > KEPT_MAX) {
            Iterator<String> oldestFirst = known.keySet().iterator();
            oldestFirst.next();
            oldestFirst.remove();
        }
        return asked;
    }

    /** Returns how many are kept. */
    int kept() {
        return known.size();
    }

    /** Returns whether the connection is still on the bus. */
    Future<Boolean> isThere(String busName) {
        return ask("NameHasOwner", busName)
                .map(answer -> answer.body().signature().equals("b")
                        && answer.body().values().get(0).equals(true));
    }

    private Future<BusMessage> ask(String method, String busName) {
        return bus.call(BusMessage.call(BusConnection.bus(method), Body.of("s", busName)), LIMIT)
                .map(answer -> {
                    if (!answer.sender().orElse("").equals(BUS)) {
                        throw new IllegalArgumentException("the answer is not from the bus");
                    }
                    return answer;
                });
    }
}
