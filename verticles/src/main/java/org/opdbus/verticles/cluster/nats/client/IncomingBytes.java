// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.nats.client;

import io.nats.client.support.IncomingHeadersProcessor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The bytes of a server on their way to the library. The library takes memory for a message as soon as the server announces
 * its size, and for a line of any length, and it stops reading at headers that it does not understand. So one line of a server
 * could end the agent, and one message of another host could end the connection. This class drops single messages that are too
 * large or have such headers, refuses bytes that are not the protocol of NATS, and passes the rest unchanged. For one thread.
 */
final class IncomingBytes {
    static final int HEADERS_MAX = 16 << 10;
    /** The largest message of a host is a trust bundle, which has at most 2 MiB. */
    static final int MESSAGE_MAX = (2 << 20) + HEADERS_MAX;
    /** The first line of a server has the addresses of all servers. */
    private static final int LINE_MAX = 64 << 10;
    /** The library reads JSON by recursion. */
    private static final int DEPTH_MAX = 16;

    private static final Pattern ANNOUNCES = Pattern.compile("(?is)H?MSG(?:[ \t].*)?");
    /** Subject, number of the subscription, and a subject for replies, which a server leaves empty or out. */
    private static final String ADDRESSES = "(?:[ \t][^ \t]+){2}(?:[ \t][^ \t]*)?";

    private static final Pattern PLAIN = Pattern.compile("(?i)MSG" + ADDRESSES + "[ \t]([0-9]{1,9})");
    private static final Pattern WITH_HEADERS =
            Pattern.compile("(?i)HMSG" + ADDRESSES + "[ \t]([0-9]{1,9})[ \t]([0-9]{1,9})");
    private static final int LINE_END = 2;

    private final Consumer<String> leftOut;

    /** A line, and headers after it, that are not complete yet. */
    private byte[] held = new byte[1024];

    private int heldLength;
    private int lineLength;
    /** How many bytes are held when the headers are complete; 0 within a line. */
    private int wanted;
    /** What is still to come of a message after its line and headers. */
    private int rest;

    private boolean isLeftOut;
    private byte[] ready = new byte[0];
    private int readyFrom;
    private int readyTo;

    /**
     * Nothing has come yet.
     *
     * @param leftOut receives why a message was left out
     */
    IncomingBytes(Consumer<String> leftOut) {
        this.leftOut = leftOut;
    }

    /**
     * Takes bytes, when all that were ready have been given.
     *
     * @throws IOException if a server of NATS does not say this; then nothing more may be taken
     */
    void take(byte[] bytes, int count) throws IOException {
        readyFrom = 0;
        readyTo = 0;
        int at = 0;
        while (at < count) {
            if (wanted > 0) {
                at += takeHeaders(bytes, at, count);
            } else if (rest > 0) {
                at += takeRest(bytes, at, count);
            } else {
                at += takeLine(bytes, at, count);
            }
        }
    }

    /** Gives bytes that the library may read, and returns how many; 0 if none are ready. */
    int give(byte[] to, int at, int most) {
        int count = Math.min(most, readyTo - readyFrom);
        System.arraycopy(ready, readyFrom, to, at, count);
        readyFrom += count;
        return count;
    }

    /** Returns whether all that came was given. */
    boolean isEmpty() {
        return readyFrom == readyTo && heldLength == 0 && rest == 0;
    }

    private int takeLine(byte[] bytes, int from, int count) throws IOException {
        int at = from;
        while (at < count) {
            byte each = bytes[at];
            if (heldLength == LINE_MAX) {
                throw new IOException("the server sends a line of more than " + LINE_MAX + " bytes");
            }
            hold(bytes, at++, 1);
            if (each == '\n' && heldLength >= LINE_END && held[heldLength - LINE_END] == '\r') {
                lineIsThere(new String(held, 0, heldLength - LINE_END, StandardCharsets.ISO_8859_1));
                break;
            }
        }
        return at - from;
    }

    private void lineIsThere(String line) throws IOException {
        if (!ANNOUNCES.matcher(line).matches()) {
            checkDepth(line);
            passHeld();
            return;
        }
        Matcher plain = PLAIN.matcher(line);
        Matcher withHeaders = WITH_HEADERS.matcher(line);
        if (plain.matches()) {
            begin(0, Integer.parseInt(plain.group(1)));
        } else if (withHeaders.matches()) {
            begin(Integer.parseInt(withHeaders.group(1)), Integer.parseInt(withHeaders.group(2)));
        } else {
            throw new IOException("the server announces a message in a way that is not understood");
        }
    }

    private void begin(int headers, int total) throws IOException {
        if (headers > total) {
            throw new IOException("the server announces more bytes of headers than of the message");
        }
        isLeftOut = total > MESSAGE_MAX || headers > HEADERS_MAX;
        if (isLeftOut) {
            leftOut.accept("a message of " + total + " bytes with " + headers + " bytes of headers is too large");
            heldLength = 0;
            rest = total + LINE_END;
        } else {
            rest = total - headers + LINE_END;
            if (headers == 0) {
                passHeld();
            } else {
                lineLength = heldLength;
                wanted = lineLength + headers;
            }
        }
    }

    private int takeHeaders(byte[] bytes, int at, int count) {
        int taken = Math.min(wanted - heldLength, count - at);
        hold(bytes, at, taken);
        if (heldLength == wanted) {
            wanted = 0;
            headersAreThere();
        }
        return taken;
    }

    private void headersAreThere() {
        try {
            var unused = new IncomingHeadersProcessor(Arrays.copyOfRange(held, lineLength, heldLength));
            passHeld();
        } catch (RuntimeException notUnderstood) {
            leftOut.accept("a message has headers that are not understood");
            heldLength = 0;
            isLeftOut = true;
        }
    }

    private int takeRest(byte[] bytes, int at, int count) {
        int taken = Math.min(rest, count - at);
        if (!isLeftOut) {
            pass(bytes, at, taken);
        }
        rest -= taken;
        return taken;
    }

    private static void checkDepth(String line) throws IOException {
        int depth = 0;
        for (int i = 0; i < line.length(); i++) {
            char each = line.charAt(i);
            depth += each == '{' || each == '[' ? 1 : each == '}' || each == ']' ? -1 : 0;
            if (depth > DEPTH_MAX) {
                throw new IOException("the server sends a line that is nested too deeply");
            }
        }
    }

    private void hold(byte[] bytes, int at, int count) {
        if (heldLength + count > held.length) {
            held = Arrays.copyOf(held, Math.max(2 * held.length, heldLength + count));
        }
        System.arraycopy(bytes, at, held, heldLength, count);
        heldLength += count;
    }

    private void passHeld() {
        pass(held, 0, heldLength);
        heldLength = 0;
    }

    private void pass(byte[] bytes, int at, int count) {
        if (readyTo + count > ready.length) {
            ready = Arrays.copyOf(ready, Math.max(2 * ready.length, readyTo + count));
        }
        System.arraycopy(bytes, at, ready, readyTo, count);
        readyTo += count;
    }
}
