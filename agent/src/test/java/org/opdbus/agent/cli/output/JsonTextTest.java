// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The same as Jackson's mapper reads and writes. */
final class JsonTextTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();
    private static final String EVERYTHING = """
            {"object":{"empty":{},"list":[]},"list":[1,9223372036854775807,123456789012345678901234567890,-0.5,1e300],
             "text":"ä\\u0001\\"\\n","yes":true,"no":false,"nothing":null}""";

    private static JsonParser reader(String text) throws IOException {
        return JsonText.reader(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static JsonNode one(String text) throws IOException {
        return JsonText.next(reader(text)).orElseThrow();
    }

    @Test
    void a_value_is_read_as_the_mapper_reads_it() throws IOException {
        assertThat(one(EVERYTHING)).isEqualTo(MAPPER.readTree(EVERYTHING));
    }

    @Test
    void a_value_is_written_as_the_mapper_writes_it() throws IOException {
        JsonNode value = MAPPER.readTree(EVERYTHING);
        assertThat(JsonText.compact(value)).isEqualTo(value.toString());
        assertThat(JsonText.pretty(value))
                .isEqualTo(MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(value));
    }

    @Test
    void values_that_follow_one_another_are_read_one_by_one_until_the_end() throws IOException {
        JsonParser reader = reader("{\"id\":1}{\"id\":2} 3");
        assertThat(JsonText.next(reader).orElseThrow().path("id").asInt()).isEqualTo(1);
        assertThat(JsonText.next(reader).orElseThrow().path("id").asInt()).isEqualTo(2);
        assertThat(JsonText.next(reader).orElseThrow().asInt()).isEqualTo(3);
        assertThat(JsonText.next(reader)).isEmpty();
    }

    @Test
    void half_a_value_is_no_value() throws IOException {
        assertThatThrownBy(() -> one("{\"id\":[1,")).isInstanceOf(JsonProcessingException.class);
    }
}
