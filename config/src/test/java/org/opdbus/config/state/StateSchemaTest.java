// SPDX-License-Identifier: Apache-2.0
package org.opdbus.config.state;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.opdbus.config.EnrollmentConfig.NetworkType;
import org.opdbus.config.json.JsonReader;
import org.opdbus.config.json.KeyPath;
import org.opdbus.config.json.Limit;
import org.opdbus.config.testing.JsonSchema;

/** Keeps the published schema true to the reader. */
final class StateSchemaTest {
    private static final String ONE_CONTAINER =
            "{\"version\":1,\"plugins\":{\"lxc\":{\"containers\":[{\"id\":\"a\",\"properties\":{}}]}}}";

    @Test
    void the_schema_has_the_keys_of_the_reader_and_no_other() throws IOException {
        JsonReader root = JsonReader.of(new ObjectMapper().readTree(ONE_CONTAINER), KeyPath.Notation.POINTER);
        new StateReader(root).read();
        JsonSchema schema = JsonSchema.of(StateLoader.schema());
        JsonNode plugins = schema.root().at("/properties/plugins");
        JsonNode lxc = plugins.at("/properties/lxc");
        JsonReader container =
                root.object("plugins").object("lxc").objects("containers").get(0);

        assertThat(keys(schema.root())).hasSameElementsAs(root.known());
        assertThat(keys(plugins)).hasSameElementsAs(root.object("plugins").known());
        assertThat(keys(lxc))
                .hasSameElementsAs(root.object("plugins").object("lxc").known());
        assertThat(keys(schema.definition("container"))).hasSameElementsAs(container.known());
        assertThat(keys(schema.definition("properties")))
                .hasSameElementsAs(container.object("properties").known());
    }

    @Test
    void the_schema_has_the_limits_of_the_reader() throws IOException {
        JsonNode properties =
                JsonSchema.of(StateLoader.schema()).definition("properties").get("properties");
        Map<String, Limit<Long>> ranges = Map.of(
                "vlan", ContainerProperties.VLAN,
                "memory", ContainerProperties.MEMORY,
                "swap", ContainerProperties.SWAP,
                "cores", ContainerProperties.CORES);
        ranges.forEach((key, limit) -> {
            long least = properties.get(key).get("minimum").longValue();
            long most = properties.get(key).get("maximum").longValue();
            assertThat(List.of(least - 1, least, most, most + 1))
                    .as(key)
                    .map(value -> limit.violation(value).isPresent())
                    .containsExactly(true, false, false, true);
        });
        Map<String, String> patterns = Map.of(
                "ipv4", Ipv4Cidr.PATTERN,
                "gateway", Ipv4Address.PATTERN,
                "netmaker_token_env", ContainerProperties.TOKEN_ENV_PATTERN,
                "template", ContainerProperties.TEMPLATE_PATTERN,
                "hostname", ContainerProperties.HOSTNAME_PATTERN,
                "rootfs", ContainerProperties.ROOTFS_PATTERN,
                "features", ContainerProperties.FEATURES_PATTERN,
                "nameserver", NameLists.ADDRESSES_PATTERN,
                "searchdomain", NameLists.DOMAINS_PATTERN);
        patterns.forEach(
                (key, pattern) -> assertThat(properties.get(key).get("pattern").textValue())
                        .as(key)
                        .isEqualTo("^(?:" + pattern + ")$"));
        assertThat(JsonSchema.of(StateLoader.schema())
                        .definition("container")
                        .at("/properties/id/pattern")
                        .textValue())
                .isEqualTo("^(?:" + DesiredContainer.ID_PATTERN + ")$");
        assertThat(texts(properties.at("/network_type/enum")))
                .isEqualTo(Arrays.stream(NetworkType.values())
                        .map(JsonReader::nameInFiles)
                        .toList());
    }

    @Test
    void what_the_reader_takes_the_schema_takes() throws Exception {
        JsonNode samples = new ObjectMapper().readTree(StateLoaderTest.SAMPLES);
        assertThat(StateLoader.parse(Path.of("-"), samples.toString()).containers())
                .hasSize(5);
        assertThat(JsonSchema.of(StateLoader.schema()).accepts(samples)).isTrue();
    }

    private static List<String> keys(JsonNode schema) {
        assertThat(schema.get("additionalProperties").booleanValue()).isFalse();
        List<String> keys = new ArrayList<>();
        schema.get("properties").fieldNames().forEachRemaining(keys::add);
        return keys;
    }

    private static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(item -> texts.add(item.textValue()));
        return texts;
    }
}
