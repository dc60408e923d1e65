// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.wire;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of a message. Those of a received message are decoded when they are asked for, because most callers that want
 * to do harm are refused by the types alone. Immutable.
 */
public final class Body {
    /** No arguments. */
    public static final Body EMPTY = new Body("", List.of(), null);

    private final String signature;
    private final List<Object> values;
    private final @Nullable ValueReader received;

    private Body(String signature, List<Object> values, @Nullable ValueReader received) {
        this.signature = signature;
        this.values = values;
        this.received = received;
    }

    /** Returns arguments of these types; {@link MessageEncoder} checks that they fit. */
    public static Body of(String signature, Object... values) {
        return new Body(signature, List.of(values), null);
    }

    /** Returns arguments of these types. */
    public static Body of(String signature, List<Object> values) {
        return new Body(signature, List.copyOf(values), null);
    }

    static Body received(String signature, ValueReader bytes) {
        return new Body(signature, List.of(), bytes);
    }

    /** Returns the types of the arguments. */
    public String signature() {
        return signature;
    }

    /**
     * Returns the arguments.
     *
     * @throws MalformedMessageException if a received body does not follow its signature, or has too many values
     */
    public List<Object> values() {
        return received == null ? values : received.fromStart().values(Signature.parse(signature));
    }
}
