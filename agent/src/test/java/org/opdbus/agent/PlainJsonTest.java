// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.json.jackson.JacksonCodec;
import io.vertx.core.spi.JsonFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PlainJsonTest {
    @Test
    void vertx_takes_the_codec_that_makes_no_mapper() {
        assertThat(JsonFactory.load().codec()).isExactlyInstanceOf(JacksonCodec.class);
    }

    @Test
    void what_goes_over_connections_comes_back_as_it_was() {
        JsonObject message = new JsonObject()
                .put("text", "ä\u0001\"")
                .put("numbers", new JsonArray(Arrays.asList(1, Long.MAX_VALUE, 1.5, true, null)))
                .put("nested", new JsonObject(Map.of("list", List.of(Map.of("key", "value")))));

        assertThat(new JsonObject(message.encode())).isEqualTo(message);
        assertThat(new JsonObject(message.toBuffer())).isEqualTo(message);
    }
}
