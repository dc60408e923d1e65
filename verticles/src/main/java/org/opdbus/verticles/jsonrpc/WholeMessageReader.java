// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.jsonrpc;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import org.opdbus.verticles.jsonrpc.JsonRpcException.Reason;
import org.opdbus.verticles.limits.ByteBudget;

/**
 * Reads messages of callers that are not trusted: it keeps an unfinished message as the bytes that it is, and makes objects of
 * it only when it is whole. So a caller that never finishes costs what it has sent and no more. As objects a message takes up
 * to fifty times as much, and the callers of one flood that all have half a message kept the garbage collector busy.
 */
final class WholeMessageReader implements MessageReader {
    private static final byte[] NOTHING = new byte[0];

    private final int messageBytesMax;
    private final ByteBudget.Share share;
    private final MessageScanner scanner;
    private final JsonMessageReader parser;
    private byte[] held = NOTHING;
    /** Where what is not handed on yet begins, how far it was looked at, and where it ends. */
    private int begin;

    private int scanned;
    private int end;

    /** A reader that counts what it holds in this share. */
    WholeMessageReader(JsonRpcLimits limits, ByteBudget.Share share) {
        messageBytesMax = limits.messageBytesMax();
        this.share = share;
        scanner = new MessageScanner(limits);
        parser = new JsonMessageReader(limits, share);
    }

    @Override
    public void feed(Buffer chunk) {
        int length = chunk.length();
        if (begin == end) {
            forget();
        }
        if (end + length > held.length) {
            grow(end - begin + length);
        }
        chunk.getBytes(held, end);
        end += length;
    }

    /** Makes room for so many bytes in all, and for twice as many as before, so that a slow sender costs few copies. */
    private void grow(int needed) {
        int size = Math.max(needed, (int) Math.min(2L * held.length, messageBytesMax));
        if (!share.take(size)) {
            throw new JsonRpcException(
                    Reason.OVERLOADED, "an unfinished message is the largest part of what all connections hold");
        }
        byte[] larger = new byte[size];
        System.arraycopy(held, begin, larger, 0, end - begin);
        share.give(held.length);
        held = larger;
        scanned -= begin;
        end -= begin;
        begin = 0;
    }

    private void forget() {
        share.give(held.length);
        held = NOTHING;
        begin = 0;
        scanned = 0;
        end = 0;
    }

    @Override
    public Optional<JsonObject> next() {
        // Tells the parser, too, that the message before is done with.
        if (parser.next().isPresent()) {
            throw new IllegalStateException("the parser has a message that it was not given");
        }
        if (!scanner.isWithin()) {
            begin = scanner.skipSpace(held, begin, end);
            scanned = begin;
        }
        int over = scanner.end(held, scanned, end);
        if (over < 0) {
            scanned = end;
            if (!scanner.isWithin()) {
                forget();
            }
            return Optional.empty();
        }
        parser.feed(held, begin, over);
        begin = over;
        scanned = over;
        scanner.reset();
        Optional<JsonObject> parsed = parser.next();
        if (parsed.isEmpty()) {
            throw new JsonRpcException(Reason.MALFORMED, "what was received is not JSON: it ends too early");
        }
        return parsed;
    }
}
