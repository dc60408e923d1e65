// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.nonnet;

import io.vertx.core.buffer.Buffer;
import org.opdbus.verticles.jsonrpc.EncodedJson;
import org.opdbus.verticles.nonnet.NonNetException.Reason;

/** Builds the text of an answer, up to a limit. */
final class AnswerText {
    private final int bytesMax;
    private Buffer text = Buffer.buffer();

    AnswerText(int bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** Returns the present length in bytes. */
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

    /** Cuts the text to this length. */
    void shorten(int length) {
        text = text.getBuffer(0, length);
    }

    /** Returns the whole answer with this end. The end always has room, so that an error can be reported. */
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
