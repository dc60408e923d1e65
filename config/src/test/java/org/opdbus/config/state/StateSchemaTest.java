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
import org.opdbus.events.ContainerId.Kind;

/** Keeps the published schema true to the reader. */
final class StateSchemaTest {
    private static final String ONE_OF_EACH =
            "{\"version\":1,\"plugins\":{\"lxc\":{\"containers\":[{\"id\":\"a\",\"properties\":{}}]},"
                    + "\"docker\":{\"containers\":[{\"name\":\"ab\",\"properties\":{}}]},"
                    + "\"podman\":{\"containers\":[{\"name\":\"ab\",\"properties\":{}}]},"
                    + "\"vm\":{\"machines\":[{\"id\":\"a\",\"properties\":{}}]}}}";

    @Test
    void the_schema_has_the_keys_of_the_reader_and_no_other() throws IOException {
        JsonReader root = JsonReader.of(new ObjectMapper().readTree(ONE_OF_EACH), KeyPath.Notation.POINTER);
        new StateReader(root).read();
        JsonSchema schema = JsonSchema.of(StateLoader.schema());
        JsonNode plugins = schema.root().at("/properties/plugins");

        assertThat(keys(schema.root())).hasSameElementsAs(root.known());
        assertThat(keys(plugins)).hasSameElementsAs(root.object("plugins").known());
        for (EntryForm form : EntryForm.all()) {
            JsonNode plugin = plugins.get("properties").get(form.kind().word());
            JsonReader read = root.object("plugins").object(form.kind().word());
            assertThat(keys(plugin)).hasSameElementsAs(read.known());
            JsonNode entry =
                    resolved(schema, plugin.get("properties").get(form.list()).get("items"));
            JsonReader item = read.objects(form.list()).get(0);
            assertThat(keys(entry)).as("%s", form.kind()).hasSameElementsAs(item.known());
            assertThat(texts(entry.get("required"))).containsExactly(form.key());
            assertThat(keys(resolved(schema, entry.at("/properties/properties"))))
                    .as("%s", form.kind())
                    .hasSameElementsAs(item.object("properties").known());
        }
    }

    private static JsonNode resolved(JsonSchema schema, JsonNode node) {
        return node.has("$ref") ? schema.root().at(node.get("$ref").textValue().substring(1)) : node;
    }

    @Test
    void the_properties_of_every_plugin_are_described_in_one_way() throws IOException {
        JsonSchema schema = JsonSchema.of(StateLoader.schema());
        JsonNode all = schema.definition("properties").get("properties");
        schema.definition("attachment").get("properties").properties().stream()
                .filter(property -> !property.getKey().equals("network_type"))
                .forEach(property -> assertThat(property.getValue()).isEqualTo(all.get(property.getKey())));
        assertThat(keys(schema.definition("attachment")))
                .hasSameElementsAs(EntryForm.of(Kind.DOCKER).properties());
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
        Map<String, String> names = Map.of(
                "container", DesiredContainer.ID_PATTERN,
                "docker", EntryForm.DOCKER_PATTERN,
                "podman", EntryForm.PODMAN_PATTERN,
                "machine", EntryForm.MACHINE_PATTERN);
        JsonSchema schema = JsonSchema.of(StateLoader.schema());
        names.forEach((definition, pattern) -> assertThat(schema.definition(definition)
                        .findValuesAsText("pattern")
                        .get(0))
                .isEqualTo("^(?:" + pattern + ")$"));
        JsonNode mtu = schema.definition("docker").at("/properties/mtu");
        assertThat(DesiredContainer.MTU.violation(mtu.get("minimum").longValue()))
                .isEmpty();
        assertThat(DesiredContainer.MTU.violation(mtu.get("minimum").longValue() - 1))
                .isPresent();
        assertThat(DesiredContainer.MTU.violation(mtu.get("maximum").longValue()))
                .isEmpty();
        assertThat(DesiredContainer.MTU.violation(mtu.get("maximum").longValue() + 1))
                .isPresent();
        assertThat(texts(properties.at("/network_type/enum")))
                .isEqualTo(Arrays.stream(NetworkType.values())
                        .map(JsonReader::nameInFiles)
                        .toList());
    }

    @Test
    void what_the_reader_takes_the_schema_takes() throws Exception {
        JsonNode samples = new ObjectMapper().readTree(StateLoaderTest.SAMPLES);
        assertThat(StateLoader.parse(Path.of("-"), samples.toString()).containers())
                .hasSize(10);
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
