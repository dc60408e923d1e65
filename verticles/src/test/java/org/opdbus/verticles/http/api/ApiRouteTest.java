// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivex.rxjava3.core.Single;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.events.AgentEvent.Source;
import org.opdbus.events.AgentEvent.SourceListed;
import org.opdbus.events.Bridge;
import org.opdbus.events.PortEvent.BridgeAdded;
import org.opdbus.verticles.http.api.ApiLab.Reply;
import org.opdbus.verticles.inventory.ContainerPhase;

/** The resources but the ledger, as callers get them over real sockets. */
final class ApiRouteTest {
    @TempDir
    Path folder;

    private ApiLab lab;

    @BeforeEach
    void open() {
        lab = new ApiLab(folder).filled();
    }

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void the_root_names_every_list_and_each_can_be_asked_for() {
        lab.record(1);
        JsonObject links = lab.get("/api/v1").json().getJsonObject("links");
        assertThat(links.fieldNames())
                .contains("containers", "entries", "ledger", "findings", "openapi.json", "stream");
        links.remove("stream");
        assertThat(links.stream().map(each -> (String) each.getValue()))
                .allSatisfy(path -> assertThat(lab.get(path).status()).as(path).isEqualTo(200));
    }

    @Test
    void lists_are_sorted_and_can_be_filtered() {
        assertThat(lab.get("/api/v1/containers").keys())
                .containsExactly("here/100", "here/200", "here/300", "here/docker:3f2ab1c9d0e1", "there/100");
        assertThat(lab.get("/api/v1/containers").json().getLong("leftOut")).isEqualTo(3);
        assertThat(lab.get("/api/v1/containers?state=refused").keys()).containsExactly("here/200");
        assertThat(lab.get("/api/v1/containers?state=refused&host=there").keys())
                .isEmpty();
        assertThat(lab.get("/api/v1/containers?host=there").keys()).containsExactly("there/100");
        assertThat(lab.get("/api/v1/containers?kind=docker").keys()).containsExactly("here/docker:3f2ab1c9d0e1");
        assertThat(lab.get("/api/v1/containers?bridge=").keys()).containsExactly("here/docker:3f2ab1c9d0e1");
        assertThat(lab.get("/api/v1/containers?q=WEB%20%3Cb").keys()).containsExactly("here/docker:3f2ab1c9d0e1");
        assertThat(lab.get("/api/v1/ports?container=100").keys()).containsExactly("here/u-1");
        assertThat(lab.get("/api/v1/ports?bridge=none").keys()).isEmpty();
        assertThat(lab.get("/api/v1/links?kind=veth&q=dd:EE").keys()).containsExactly("here/4");
        assertThat(lab.get("/api/v1/hosts").keys()).containsExactly("here", "there");
        assertThat(lab.get("/api/v1/meshes").keys()).containsExactly("", "net");
        assertThat(lab.get("/api/v1/labs?q=no+image").keys()).containsExactly("here/net");
        assertThat(lab.get("/api/v1/bridges").keys()).containsExactly("here/vmbr0");
    }

    @Test
    void an_object_is_found_by_its_id_here_and_by_its_key_on_any_host() {
        JsonObject refused = lab.get("/api/v1/containers/200").json();
        assertThat(refused.getString("remedy")).isEqualTo("rename it");
        assertThat(lab.get("/api/v1/containers/here/200").json()).isEqualTo(refused);
        assertThat(lab.get("/api/v1/containers/there/100").json().getString("bridge"))
                .isEqualTo("vmbr1");
        assertThat(lab.get("/api/v1/containers/docker:3f2ab1c9d0e1").json().getString("name"))
                .isEqualTo("Web <b>");
        assertThat(lab.get("/api/v1/containers/docker%3A3f2ab1c9d0e1").status()).isEqualTo(200);
        assertThat(lab.get("/api/v1/ports/u-2").json().getString("error")).isEqualTo("could not \u0001 open");
        assertThat(lab.get("/api/v1/links/4").json().getInteger("peer")).isEqualTo(2);
        assertThat(lab.get("/api/v1/hosts/there").json().getBoolean("self")).isFalse();
        assertThat(lab.get("/api/v1/meshes/net").json().getInteger("joined")).isEqualTo(1);
        assertThat(lab.get("/api/v1/labs/net").json().getString("namespace")).isEqualTo("cloonix_net");
        assertThat(lab.get("/api/v1/host").json())
                .isEqualTo(lab.get("/api/v1/hosts/here").json());
    }

    @Test
    void what_is_not_there_or_not_known_is_a_problem_with_a_remedy() {
        for (String path : List.of(
                "/api/v1/containers/999",
                "/api/v1/containers/elsewhere/100",
                "/api/v1/containers/",
                "/api/v1/containers/a/b/c",
                "/api/v1/",
                "/api/v1//",
                "/api/v1/x",
                "/api/v1/containers/..%2f..%2fetc%2fpasswd",
                "/api/v1/containers/%00",
                "/api/v1/links/-1")) {
            assertProblem(lab.get(path), 404);
        }
        for (String path : List.of(
                "/api/v1/containers?colour=red",
                "/api/v1/containers?state=a&state=b",
                "/api/v1/containers?q=" + "x".repeat(257),
                "/api/v1/containers?%00=1",
                "/api/v1/host?q=1",
                "/api/v1/containers/100?q=1",
                "/api/v1/containers/%zz",
                "/api/v1/events?after=-1",
                "/api/v1/events?limit=0",
                "/api/v1/events?limit=99999",
                "/api/v1/events?after=99999999999999999999")) {
            assertProblem(lab.get(path), 400);
        }
        assertThat(lab.get("/api/v1/containers?colour=red").json().getString("remedy"))
                .isEqualTo("it has host, kind, state, bridge, q");
    }

    private static void assertProblem(Reply reply, int status) {
        assertThat(reply.status()).as(reply.body()).isEqualTo(status);
        assertThat(reply.header("content-type")).isEqualTo("application/problem+json");
        assertThat(reply.json().getInteger("status")).isEqualTo(status);
        assertThat(reply.json().getString("remedy")).isNotEmpty();
        assertThat(reply.json().getString("detail")).isNotEmpty();
    }

    @Test
    void an_answer_that_the_caller_has_is_not_sent_again_until_its_list_changes() {
        String tag = lab.get("/api/v1/containers").header("etag");
        assertThat(tag).startsWith("\"").endsWith("\"");
        String known = "If-None-Match: W/\"x\", " + tag;
        Reply same = lab.get("/api/v1/containers", known);
        assertThat(same.status()).isEqualTo(304);
        assertThat(same.body()).isEmpty();
        assertThat(same.header("etag")).isEqualTo(tag);
        assertThat(lab.get("/api/v1/containers", "If-None-Match: \"x\"").status())
                .isEqualTo(200);

        // What does not concern containers does not make their list new.
        lab.publish(new BridgeAdded(new Bridge("vmbr9", "system")), new SourceListed(Source.LXC, 1));
        assertThat(lab.get("/api/v1/containers", known).status()).isEqualTo(304);
        lab.containers(ApiLab.container("100", ContainerPhase.WAITING, "it waits", ""));
        Reply changed = lab.get("/api/v1/containers", known);
        assertThat(changed.status()).isEqualTo(200);
        assertThat(changed.header("etag")).isNotEqualTo(tag);
    }

    @Test
    void an_answer_can_be_compressed_and_then_has_a_tag_of_its_own() throws IOException {
        Reply plain = lab.get("/api/v1/containers");
        String compressed = lab.raw("GET /api/v1/containers", "Accept-Encoding: gzip");
        assertThat(compressed).contains("content-encoding: gzip", "-gz\"", "vary: Accept-Encoding");
        byte[] bytes = compressed.substring(compressed.indexOf("\r\n\r\n") + 4).getBytes(StandardCharsets.ISO_8859_1);
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo(plain.body());
        }
        String tag = plain.header("etag").replaceFirst("\"$", "-gz\"");
        assertThat(lab.get("/api/v1/containers", "Accept-Encoding: gzip", "If-None-Match: " + tag)
                        .status())
                .isEqualTo(304);
    }

    @Test
    void a_head_has_the_headers_only() {
        Reply head = lab.ask("HEAD /api/v1/containers");
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.header("etag")).isEqualTo(lab.get("/api/v1/containers").header("etag"));
    }

    @Test
    void events_are_kept_from_the_first_request_on() {
        assertThat(lab.listeners).isEmpty();
        assertThat(lab.get("/api/v1/events").json().getJsonArray("items")).isEmpty();
        assertThat(lab.listeners).hasSize(1);
        for (int i = 1; i <= 2_100; i++) {
            lab.listeners.get(0).accept("{\"kind\":\"k\",\"subject\":\"" + i + "\"}");
        }
        JsonObject latest = lab.get("/api/v1/events?limit=2").json();
        assertThat(latest.getJsonArray("items").encode())
                .isEqualTo("[{\"number\":2099,\"kind\":\"k\",\"subject\":\"2099\"},"
                        + "{\"number\":2100,\"kind\":\"k\",\"subject\":\"2100\"}]");
        assertThat(latest.getLong("last")).isEqualTo(2_100);
        JsonObject later = lab.get("/api/v1/events?after=1&limit=2").json();
        assertThat(later.getLong("missed")).isEqualTo(51);
        assertThat(later.getLong("last")).isEqualTo(54);
        assertThat(later.getLong("newest")).isEqualTo(2_100);
        JsonObject end = lab.get("/api/v1/events?after=2100").json();
        assertThat(end.getJsonArray("items")).isEmpty();
        assertThat(end.getLong("last")).isEqualTo(2_100);
        assertThat(lab.get("/api/v1/events?after=5000").json().getLong("last")).isEqualTo(2_100);
    }

    @Test
    void the_host_is_examined_once_for_all_who_ask_and_again_after_a_failure() {
        AtomicInteger examined = new AtomicInteger();
        lab.findings = () -> examined.incrementAndGet() == 1
                ? Single.error(new IllegalStateException("no disk"))
                : Single.just(new JsonArray().add(new JsonObject().put("check", "java")));
        Reply failed = lab.get("/api/v1/findings");
        assertProblem(failed, 500);
        assertThat(failed.json().getString("detail")).contains("no disk");
        for (int i = 0; i < 3; i++) {
            assertThat(lab.get("/api/v1/findings").json().getJsonArray("items").encode())
                    .isEqualTo("[{\"check\":\"java\"}]");
        }
        assertThat(examined).hasValue(2);
    }

    @Test
    void the_server_without_a_ledger_says_so() {
        assertProblem(lab.get("/api/v1/ledger"), 500);
        assertProblem(lab.get("/api/v1/entries"), 500);
    }
}
