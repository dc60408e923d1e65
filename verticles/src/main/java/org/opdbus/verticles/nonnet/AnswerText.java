// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.nonnet;

import io.vertx.core.buffer.Buffer;
import org.opdbus.verticles.jsonrpc.EncodedJson;
import org.opdbus.verticles.nonnet.NonNetException.Reason;

/** The text of an answer while it is made, which may become so long and no longer. */
final class AnswerText {
    private final int bytesMax;
    private Buffer text = Buffer.buffer();

    AnswerText(int bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** How long it is so far, in bytes. */
    int length() {
        return text.length();
    }

    AnswerText append(String more) {
        text.appendString(more);
        checkLength();
        return this;
    }

    AnswerText append(Buffer more) {
        text.appendBuffer(more);
        checkLength();
        return this;
    }

    /** Forgets what is behind its beginning of this length. */
    void shorten(int length) {
        text = text.getBuffer(0, length);
    }

    /** The whole answer, with a short end that has room in any case: an error is told, too. */
    EncodedJson end(String last) {
        return new EncodedJson(text.appendString(last));
    }

    private void checkLength() {
        if (text.length() > bytesMax) {
            throw new NonNetException(
                    Reason.EXHAUSTED,
                    "the answer is longer than " + bytesMax + " bytes; ask for fewer rows or columns at a time");
        }
    }
}
