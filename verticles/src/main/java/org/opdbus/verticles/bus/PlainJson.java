// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.bus;

import io.vertx.core.json.jackson.JacksonCodec;
import io.vertx.core.spi.JsonFactory;
import io.vertx.core.spi.json.JsonCodec;

/**
 * Makes Vert.x read and write JSON objects and arrays with Jackson's parser alone. Otherwise Vert.x would use
 * Jackson's ObjectMapper, which is present for the ledger, and wait for it before the first message; but no beans are
 * sent over connections here.
 */
public final class PlainJson implements JsonFactory {
    /** For {@link java.util.ServiceLoader}. */
    public PlainJson() {}

    @Override
    public JsonCodec codec() {
        return new JacksonCodec();
    }
}
