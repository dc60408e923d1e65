// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.container;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.opdbus.agent.cli.output.CannotRunException;
import org.opdbus.agent.cli.output.JsonText;

/**
 * What the agent says of one container, as texts. Lists are left out.
 *
 * @param values the texts by their names; that of a value in an inner object is {@code outer.inner}
 */
record ContainerText(Map<String, String> values) {
    /** Returns the containers in a JSON array, without making a tree of it. */
    static List<ContainerText> in(String json) {
        List<ContainerText> containers = new ArrayList<>();
        try (JsonParser reader = JsonText.reader(json)) {
            reader.nextToken();
            while (reader.nextToken() == JsonToken.START_OBJECT) {
                Map<String, String> values = new HashMap<>();
                read(reader, "", values);
                containers.add(new ContainerText(values));
            }
        } catch (IOException e) {
            throw new CannotRunException("the agent's answer is not JSON: " + e.getMessage(), e);
        }
        return containers;
    }

    private static void read(JsonParser reader, String prefix, Map<String, String> values) throws IOException {
        while (reader.nextToken() == JsonToken.FIELD_NAME) {
            String name = prefix + reader.currentName();
            switch (reader.nextToken()) {
                case START_OBJECT -> read(reader, name + ".", values);
                case START_ARRAY -> reader.skipChildren();
                default -> values.put(name, reader.getText());
            }
        }
    }

    /** Returns the text of a value; empty if there is none. */
    String at(String name) {
        return values.getOrDefault(name, "");
    }
}
