// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.introspect;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.json.pointer.JsonPointer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.opdbus.config.IntrospectSchema;
import org.opdbus.config.testing.JsonSchema;
import org.opdbus.events.ContainerId;
import org.opdbus.events.ContainerId.Kind;
import org.opdbus.events.Workload;
import org.opdbus.events.Workload.Asked;
import org.opdbus.events.Workload.EngineContainer;
import org.opdbus.verticles.introspect.owner.Ownership;
import org.opdbus.verticles.inventory.ContainerPhase;
import org.opdbus.verticles.inventory.ContainerStatus;
import org.opdbus.verticles.inventory.HostFacts;
import org.opdbus.verticles.inventory.Inventory;
import org.opdbus.verticles.inventory.KnownContainer;
import org.opdbus.verticles.inventory.MeshMembership;
import org.opdbus.verticles.inventory.WantedContainer;

class DocumentWriterTest {
    private static String text(NetworkDocument document) {
        return new String(DocumentWriter.bytes(document, Integer.MAX_VALUE).orElseThrow(), StandardCharsets.UTF_8);
    }

    private static Object at(String pointer, JsonObject document) {
        return JsonPointer.from(pointer).queryJson(document);
    }

    @Test
    void a_document_that_has_everything_is_as_the_schema_says() throws IOException {
        String text = text(Samples.everything("text"));
        JsonObject document = new JsonObject(text);

        assertThat(JsonSchema.of(IntrospectSchema.text()).accepts(text))
                .as(document.encodePrettily())
                .isTrue();
        assertThat(at("/time", document)).isEqualTo("2026-11-29T20:00:00.123Z");
        assertThat(at("/leftOut", document)).hasToString("{\"links\":1,\"routes\":9}");
        assertThat(at("/bridges/0/ports/0/trunks", document)).hasToString("[8,9]");
        assertThat(at("/routes/0/nextHops/1/link", document))
                .as("a link that appeared later")
                .isEqualTo("#99");
    }

    /** The peer of a veth pair stands in the place of the link below. */
    @Test
    void the_schema_has_no_member_that_is_never_written() {
        JsonObject schema = new JsonObject(IntrospectSchema.text());
        Set<String> missing = new TreeSet<>();
        addMissing(schema, new JsonObject(text(Samples.everything("text"))), schema, missing);

        assertThat(missing)
                .containsExactly("addresses", "bridges", "containers", "namespace", "peer", "ports", "rules");
    }

    /** Adds the members that the schema describes and the value lacks, of the first object of each list. */
    private static void addMissing(
            JsonObject described, @Nullable Object value, JsonObject schema, Set<String> missing) {
        String reference = described.getString("$ref", "#");
        JsonObject here = reference.equals("#")
                ? described
                : (JsonObject) JsonPointer.from(reference.substring(1)).queryJson(schema);
        if (value instanceof JsonArray list) {
            addMissing(here.getJsonObject("items"), list.getValue(0), schema, missing);
        } else if (value instanceof JsonObject object && here.containsKey("properties")) {
            here.getJsonObject("properties").forEach(member -> {
                if (object.containsKey(member.getKey())) {
                    addMissing((JsonObject) member.getValue(), object.getValue(member.getKey()), schema, missing);
                } else {
                    missing.add(member.getKey());
                }
            });
        }
    }

    @Test
    void a_container_of_an_engine_has_its_kind_its_name_and_its_engine_as_owner() {
        ContainerId id = Kind.PODMAN.id("3f2ab1c9d0e1");
        Workload web = new EngineContainer(id, "web", "nginx:1", "none", Asked.NOTHING);
        KnownContainer known = new KnownContainer(
                new ContainerStatus(id, Optional.of(web), true, ContainerPhase.LEFT_ALONE, "", "", List.of()),
                WantedContainer.UNNAMED,
                MeshMembership.NONE,
                Instant.EPOCH);
        Inventory none = Inventory.of(HostFacts.atStart("host", "1", Instant.EPOCH));
        Inventory inventory = new Inventory(
                1,
                none.host(),
                none.containers().with(id, known),
                none.links(),
                none.ports(),
                none.bridges(),
                none.enrollments(),
                none.peers(),
                none.labs(),
                none.tally());
        KernelPicture kernel =
                new KernelPicture(List.of(), Map.of(), List.of(), List.of(), List.of(), Map.of(), List.of());
        JsonObject document = new JsonObject(text(DocumentBuilder.build(
                new DocumentBuilder.Parts(
                        kernel,
                        inventory,
                        SwitchRows.NONE,
                        ResolverFile.NONE,
                        ResolverFile.NONE,
                        new Ownership(Map.of(), List.of()),
                        List.of()),
                Instant.EPOCH,
                10)));
        assertThat(at("/containers/0/kind", document)).isEqualTo("podman");
        assertThat(at("/containers/0/name", document)).isEqualTo("web");
        assertThat(at("/containers/0/owner", document)).isEqualTo("Podman");
    }

    @Test
    void text_of_strangers_is_the_same_after_it_was_read_again() {
        String hostile = "\u001b[2J\u202e\n\"\\\u0000 \ud83d\ude00";

        JsonObject document = new JsonObject(text(Samples.everything(hostile)));

        assertThat(at("/links/0/name", document)).isEqualTo(hostile);
        assertThat(((JsonObject) at("/bridges/0/ports/0/externalIds", document)).getString(hostile))
                .isEqualTo(hostile);
        assertThat(at("/troubles/0", document)).isEqualTo(hostile);
    }

    @Test
    void a_document_that_is_too_long_has_fewer_objects_and_counts_the_others() throws IOException {
        int many = 8_000;
        KernelPicture kernel = new KernelPicture(
                IntStream.rangeClosed(1, many)
                        .mapToObj(i -> Samples.link(i, "l" + i + "x".repeat(800), "", 1))
                        .toList(),
                Map.of(),
                List.of(),
                List.of(),
                List.of(),
                Map.of("links", 5L),
                List.of());
        DocumentBuilder.Parts parts = new DocumentBuilder.Parts(
                kernel,
                Inventory.of(HostFacts.atStart("host", "1", Instant.EPOCH)),
                SwitchRows.NONE,
                ResolverFile.NONE,
                ResolverFile.NONE,
                new Ownership(Map.of(), List.of()),
                List.of());

        String text = new String(IntrospectVerticle.fitting(parts, Instant.EPOCH), StandardCharsets.UTF_8);

        assertThat(text.length()).isLessThanOrEqualTo(IntrospectVerticle.BYTES_MAX);
        assertThat(JsonSchema.of(IntrospectSchema.text()).accepts(text)).isTrue();
        JsonObject document = new JsonObject(text);
        int kept = document.getJsonArray("links").size();
        assertThat(kept).isEqualTo(4_096);
        assertThat(document.getJsonObject("leftOut").getInteger("links")).isEqualTo(many - kept + 5);
    }

    @Test
    void what_an_object_does_not_have_is_not_written() {
        JsonObject document = new JsonObject(text(Samples.everything("text")));

        assertThat(((JsonObject) at("/links/0", document)).containsKey("peer")).isFalse();
        assertThat(at("/links/0/lower/name", document)).isEqualTo("text");
        assertThat((JsonArray) at("/links/0/addresses/0/flags", document)).hasSize(12);
    }
}
