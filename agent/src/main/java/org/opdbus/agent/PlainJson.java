// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import io.vertx.core.json.jackson.JacksonCodec;
import io.vertx.core.spi.JsonFactory;
import io.vertx.core.spi.json.JsonCodec;

/**
 * Has Vert.x read and write JSON objects and arrays by Jackson's parser alone. It would take Jackson's ObjectMapper, which is
 * there for the ledger, and wait for it to be made before the first message; but beans never go over a connection here.
 */
public final class PlainJson implements JsonFactory {
    /** For {@link java.util.ServiceLoader}. */
    public PlainJson() {}

    @Override
    public JsonCodec codec() {
        return new JacksonCodec();
    }
}
