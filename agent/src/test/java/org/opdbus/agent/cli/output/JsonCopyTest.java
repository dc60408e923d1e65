// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A copy is what a tree of the same value is written as. */
final class JsonCopyTest {
    private static final String EVERYTHING = """
            {"object":{"empty":{},"list":[]},"list":[1,9223372036854775807,123456789012345678901234567890,-0.5,1e300,1.0],
             "text":"ä\\u0001\\"\\n","yes":true,"no":false,"nothing":null}""";

    private static JsonParser at(String text) throws IOException {
        JsonParser reader = JsonText.reader(text);
        reader.nextToken();
        return reader;
    }

    @Test
    void a_copy_is_written_as_its_tree_is() throws IOException {
        for (String text : Set.of(EVERYTHING, "[]", "[[1],{}]", "7", "-1.50", "\"a\"", "null", "true")) {
            JsonNode tree = JsonText.next(JsonText.reader(text)).orElseThrow();
            assertThat(JsonCopy.pretty(at(text))).isEqualTo(JsonText.pretty(tree));
            assertThat(JsonCopy.compact(at(text))).isEqualTo(JsonText.compact(tree));
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            JsonCopy.next(JsonText.reader(text), bytes);
            assertThat(bytes.toString(StandardCharsets.UTF_8)).isEqualTo(JsonText.compact(tree));
        }
    }

    @Test
    void a_copy_ends_where_its_value_ends() throws IOException {
        JsonParser reader = at("{\"id\":[1]} {\"id\":2}");
        assertThat(JsonCopy.compact(reader)).isEqualTo("{\"id\":[1]}");
        assertThat(JsonText.next(reader).orElseThrow().path("id").asInt()).isEqualTo(2);
    }

    @Test
    void only_the_wanted_members_are_copied() throws IOException {
        String text = "{\"a\":{\"c\":1},\"b\":[{\"a\":2}],\"c\":{\"a\":[3,{}]},\"d\":null}";
        assertThat(JsonCopy.members(at(text), Set.of("c", "d"))).isEqualTo("{\"c\":{\"a\":[3,{}]},\"d\":null}");
        assertThat(JsonCopy.members(at(text), Set.of())).isEqualTo("{}");
    }

    @Test
    void half_a_value_is_no_value() {
        assertThatThrownBy(() -> JsonCopy.compact(at("{\"id\":[1,"))).isInstanceOf(JsonProcessingException.class);
    }
}
