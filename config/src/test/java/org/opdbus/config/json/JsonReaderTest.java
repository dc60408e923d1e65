// SPDX-License-Identifier: Apache-2.0
package org.opdbus.config.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;

final class JsonReaderTest {
    @Test
    void objects_in_a_list_are_read_and_problems_point_into_them() throws IOException {
        JsonReader json = reader("{\"list\": [{\"a/b\": 1}, 7, {\"a/b\": \"x\", \"ab\": 2}]}");
        for (JsonReader item : json.objects("list")) {
            item.integer("a/b", 0, Limit.range(0, 9));
        }
        assertThat(json.problems())
                .map(Problem::toString)
                .containsExactly(
                        "/list/1: must be an object, is a whole number",
                        "/list/2/a~1b: must be a whole number, is a string",
                        "/list/2/ab: is not a known key; the nearest is /list/2/a~1b");
    }

    @Test
    void a_list_that_is_none_is_refused() throws IOException {
        JsonReader json = reader("{\"list\": {}}");
        assertThat(json.objects("list")).isEmpty();
        assertThat(json.problems()).map(Problem::toString).containsExactly("/list: must be a list, is an object");
    }

    @Test
    void a_caller_adds_problems_of_its_own() throws IOException {
        JsonReader json = reader("{\"from\": 2, \"to\": 1}");
        if (json.integer("from", 0, Limit.none()) > json.integer("to", 0, Limit.none())) {
            json.refuse("to", "is before from");
        }
        assertThat(json.problems()).containsExactly(new Problem("/to", "is before from"));
    }

    private static JsonReader reader(String text) throws IOException {
        return JsonReader.of(new ObjectMapper().readTree(text), KeyPath.Notation.POINTER);
    }
}
