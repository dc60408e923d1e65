// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.wire;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A message (section "Message Protocol"). The bus fills in the sender. Immutable. */
public final class BusMessage {
    /** The sender does not want an answer. */
    public static final int NO_REPLY_EXPECTED = 1;
    /** The bus must not start the destination. */
    public static final int NO_AUTO_START = 2;
    /** The sender waits while a person is asked for a password. */
    public static final int ALLOW_INTERACTIVE_AUTHORIZATION = 4;

    /** What a message is. */
    public enum Kind {
        CALL(1),
        REPLY(2),
        ERROR(3),
        SIGNAL(4);

        private static final Kind[] ALL = values();

        private final int code;

        Kind(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }

        /** Returns the kind with a code; empty for one of a later version, which a reader must ignore. */
        static Optional<Kind> of(int code) {
            return code >= 1 && code <= ALL.length ? Optional.of(ALL[code - 1]) : Optional.empty();
        }
    }

    private final Kind kind;
    private final int flags;
    private final int serial;
    private final Map<HeaderField, Object> fields;
    private final Body body;

    BusMessage(Kind kind, int flags, int serial, Map<HeaderField, Object> fields, Body body) {
        this.kind = kind;
        this.flags = flags;
        this.serial = serial;
        this.fields = fields;
        this.body = body;
    }

    /** Returns a call of a method. */
    public static BusMessage call(MemberAddress to, Body arguments) {
        Map<HeaderField, Object> fields = member(to.path(), to.interfaceName(), to.member());
        fields.put(HeaderField.DESTINATION, to.destination());
        return new BusMessage(Kind.CALL, 0, 0, fields, arguments);
    }

    /** Returns a signal to every program that listens. */
    public static BusMessage signal(ObjectPath path, String interfaceName, String member, Body arguments) {
        return new BusMessage(Kind.SIGNAL, NO_REPLY_EXPECTED, 0, member(path, interfaceName, member), arguments);
    }

    private static Map<HeaderField, Object> member(ObjectPath path, String interfaceName, String member) {
        Map<HeaderField, Object> fields = new EnumMap<>(HeaderField.class);
        fields.put(HeaderField.PATH, path);
        fields.put(HeaderField.INTERFACE, interfaceName);
        fields.put(HeaderField.MEMBER, member);
        return fields;
    }

    /** Returns the answer to this call. */
    public BusMessage reply(Body results) {
        return answer(Kind.REPLY, results);
    }

    /** Returns the answer to this call that it failed, and why. */
    public BusMessage error(String name, String why) {
        BusMessage answer = answer(Kind.ERROR, Body.of("s", why));
        answer.fields.put(HeaderField.ERROR_NAME, name);
        return answer;
    }

    private BusMessage answer(Kind answer, Body results) {
        Map<HeaderField, Object> to = new EnumMap<>(HeaderField.class);
        to.put(HeaderField.REPLY_SERIAL, serial & 0xffff_ffffL);
        sender().ifPresent(caller -> to.put(HeaderField.DESTINATION, caller));
        return new BusMessage(answer, NO_REPLY_EXPECTED, 0, to, results);
    }

    /** Returns the same message with these flags. */
    public BusMessage withFlags(int changed) {
        return new BusMessage(kind, changed, serial, fields, body);
    }

    /** Returns the same signal, for one program only. */
    public BusMessage to(String busName) {
        Map<HeaderField, Object> changed = new EnumMap<>(fields);
        changed.put(HeaderField.DESTINATION, busName);
        return new BusMessage(kind, flags, serial, changed, body);
    }

    /** Returns what the message is. */
    public Kind kind() {
        return kind;
    }

    int flags() {
        return flags;
    }

    Map<HeaderField, Object> fields() {
        return fields;
    }

    /** Returns whether a flag is set. */
    public boolean has(int flag) {
        return (flags & flag) != 0;
    }

    /** Returns the sender's number of the message; 0 until it is sent. */
    public int serial() {
        return serial;
    }

    /** Returns the number of the call that this answers; 0 if this is no answer. */
    public int replySerial() {
        return fields.get(HeaderField.REPLY_SERIAL) instanceof Long number ? number.intValue() : 0;
    }

    /** Returns the object that is called, or that emits the signal. */
    public Optional<ObjectPath> path() {
        return fields.get(HeaderField.PATH) instanceof ObjectPath path ? Optional.of(path) : Optional.empty();
    }

    /** Returns the interface; a call may leave it out. */
    public Optional<String> interfaceName() {
        return text(HeaderField.INTERFACE);
    }

    /** Returns the method or signal. */
    public Optional<String> member() {
        return text(HeaderField.MEMBER);
    }

    /** Returns the name of the error; empty if this is none. */
    public Optional<String> errorName() {
        return text(HeaderField.ERROR_NAME);
    }

    /** Returns the program for which the message is. */
    public Optional<String> destination() {
        return text(HeaderField.DESTINATION);
    }

    /** Returns the unique name of the sender, such as {@code :1.42}. The bus has set it, so it is true. */
    public Optional<String> sender() {
        return text(HeaderField.SENDER);
    }

    private Optional<String> text(HeaderField field) {
        return fields.get(field) instanceof String text ? Optional.of(text) : Optional.empty();
    }

    /** Returns the arguments. */
    public Body body() {
        return body;
    }

    /** Returns the first argument if it is a string; that of an error says why. */
    public Optional<String> firstText() {
        List<Object> values = body.signature().startsWith("s") ? body.values() : List.of();
        return values.isEmpty() ? Optional.empty() : Optional.of((String) values.get(0));
    }

    @Override
    public String toString() {
        return kind + " " + fields;
    }
}
