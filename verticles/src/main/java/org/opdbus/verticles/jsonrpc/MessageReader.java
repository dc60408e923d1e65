// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.jsonrpc;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/**
 * Cuts a stream of bytes into JSON objects. The bytes may be split anywhere. It is of no further use after an exception, and not
 * for use by several threads.
 */
interface MessageReader {
    /**
     * Takes the next bytes of the stream; {@link #next} must have said that there is no further message before them.
     *
     * @throws JsonRpcException with {@link JsonRpcException.Reason#OVERLOADED} if the share of the connection does not allow
     *     them
     */
    void feed(Buffer chunk);

    /**
     * The next message that is whole; empty if it needs more bytes. The one before it counts in the share until then.
     *
     * @throws JsonRpcException with {@link JsonRpcException.Reason#MALFORMED} if what follows is not JSON objects within the
     *     limits, with {@link JsonRpcException.Reason#OVERLOADED} if the share does not allow more
     */
    Optional<JsonObject> next();
}
