// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.introspect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.opdbus.config.IntrospectSchema;

/** docs/INTROSPECT.md lists the keys of the schema, and no other. */
class IntrospectDocumentTest {
    private static final Path DOCUMENT = Path.of("..", "docs", "INTROSPECT.md");
    private static final Pattern KEY = Pattern.compile("(?m)^\\| `([A-Za-z]+)`(?: \\(not always\\))? \\|");

    @Test
    void every_key_is_described() throws IOException {
        JsonNode schema = new ObjectMapper().readTree(IntrospectSchema.text());
        Set<String> keys = new TreeSet<>();
        addKeys(schema, keys);
        for (Map.Entry<String, JsonNode> part : schema.path("$defs").properties()) {
            addKeys(part.getValue(), keys);
        }

        String text = Files.readString(DOCUMENT);
        Set<String> described = new TreeSet<>();
        Matcher key = KEY.matcher(text.substring(text.indexOf("## The JSON object")));
        while (key.find()) {
            described.add(key.group(1));
        }
        assertThat(described).isEqualTo(keys).hasSizeGreaterThan(80);
    }

    private static void addKeys(JsonNode part, Set<String> keys) {
        part.path("properties").properties().forEach(member -> keys.add(member.getKey()));
    }
}
