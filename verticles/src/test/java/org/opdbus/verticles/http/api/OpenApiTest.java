// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import io.reactivex.rxjava3.core.Single;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.verticles.http.api.ApiLab.Reply;

/** Holds the answers of a running server against the document that describes them. */
final class OpenApiTest {
    private static final Pattern EVENT = Pattern.compile("event: ([a-z]+)\ndata: (.*)\n");
    /** Other faces serve these. */
    private static final Set<String> ELSEWHERE = Set.of("/api/v1/stream", "/api/v1/session");

    @TempDir
    Path folder;

    private ApiLab lab;
    private JsonObject document;

    @BeforeEach
    void open() {
        lab = new ApiLab(folder).filled();
        lab.record(30);
        lab.findings = () -> Single.just(new JsonArray()
                .add(new JsonObject()
                        .put("check", "java")
                        .put("severity", "ok")
                        .put("what", "17")
                        .put("why", "")
                        .put("remedy", "")));
        document = lab.get("/api/v1/openapi.json").json();
    }

    @AfterEach
    void close() {
        lab.close();
    }

    /** Returns what is wrong with a value, by the schema of the document at this place. */
    private Set<String> faults(String json, String pointer) {
        JsonObject schema = document.copy().put("$ref", "#" + pointer);
        Set<String> faults = new TreeSet<>();
        JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012)
                .getSchema(schema.encode())
                .validate(json, InputFormat.JSON)
                .forEach(fault -> faults.add(fault.toString()));
        return faults;
    }

    private static String escaped(String path) {
        return path.replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D");
    }

    private JsonObject get(String template) {
        return document.getJsonObject("paths").getJsonObject(template).getJsonObject("get");
    }

    private void assertDescribed(String template, String path) {
        Reply reply = lab.get(path);
        assertThat(reply.status()).as(path + " " + reply.body()).isEqualTo(200);
        JsonObject ok = get(template).getJsonObject("responses").getJsonObject("200");
        String type = reply.header("content-type").replaceFirst(";.*", "");
        assertThat(ok.getJsonObject("content").fieldNames()).as(template).containsExactly(type);
        assertThat(ok.containsKey("headers"))
                .as(template)
                .isEqualTo(!reply.header("etag").isEmpty());
        if (type.equals("application/json")) {
            String pointer = "/paths/" + escaped(template) + "/get/responses/200/content/application~1json/schema";
            assertThat(faults(reply.body(), pointer)).as(path).isEmpty();
            assertThat(faults("null", pointer)).as(path).isNotEmpty();
        }
    }

    @Test
    void every_path_of_the_server_is_in_the_document_and_the_reverse() {
        Set<String> described = new TreeSet<>(document.getJsonObject("paths").fieldNames());
        assertThat(described).containsAll(ELSEWHERE);
        described.removeAll(ELSEWHERE);
        Map<String, List<String>> resources = lab.parameters();
        assertThat(described).isEqualTo(new TreeSet<>(resources.keySet()));
        resources.forEach((path, parameters) -> {
            Set<String> query = new TreeSet<>();
            Set<String> variables = new TreeSet<>();
            get(path).getJsonArray("parameters", new JsonArray()).forEach(each -> {
                JsonObject parameter = (JsonObject) each;
                boolean isOfPath = parameter.getString("in").equals("path");
                (isOfPath ? variables : query).add(parameter.getString("name"));
            });
            assertThat(query).as(path).isEqualTo(new TreeSet<>(parameters));
            assertThat(variables).as(path).allMatch(name -> path.contains("{" + name + "}"));
            assertThat(variables).as(path).hasSize((int)
                    path.chars().filter(c -> c == '{').count());
        });
    }

    @Test
    void every_answer_is_as_the_document_says() {
        lab.get("/api/v1/events");
        lab.listeners.get(0).accept("""
                {"time":"2026-01-02T03:04:05.678901Z","host":"here","kind":"link.appeared","subject":"a","data":{"x":1}}""");
        document.getJsonObject("paths").fieldNames().stream()
                .filter(path -> path.indexOf('{') < 0 && !path.equals("/api/v1/stream"))
                .forEach(path -> assertDescribed(path, path));
        assertDescribed("/api/v1/containers/{id}", "/api/v1/containers/docker:3f2ab1c9d0e1");
        assertDescribed("/api/v1/containers/{host}/{id}", "/api/v1/containers/there/100");
        assertDescribed("/api/v1/hosts/{id}", "/api/v1/hosts/there");
        assertDescribed("/api/v1/bridges/{id}", "/api/v1/bridges/vmbr0");
        assertDescribed("/api/v1/bridges/{host}/{id}", "/api/v1/bridges/here/vmbr0");
        assertDescribed("/api/v1/ports/{id}", "/api/v1/ports/u-2");
        assertDescribed("/api/v1/ports/{host}/{id}", "/api/v1/ports/here/u-1");
        assertDescribed("/api/v1/links/{id}", "/api/v1/links/4");
        assertDescribed("/api/v1/links/{host}/{id}", "/api/v1/links/here/1");
        assertDescribed("/api/v1/labs/{id}", "/api/v1/labs/net");
        assertDescribed("/api/v1/labs/{host}/{id}", "/api/v1/labs/here/net");
        assertDescribed("/api/v1/meshes/{id}", "/api/v1/meshes/net");
        assertDescribed("/api/v1/entries", "/api/v1/entries?limit=5");
        assertDescribed("/api/v1/entries/{height}", "/api/v1/entries/5");
        assertDescribed("/api/v1/entries/{height}/proof", "/api/v1/entries/5/proof");
    }

    @Test
    void a_container_with_something_else_in_it_would_be_noticed() {
        JsonObject container = lab.get("/api/v1/containers/100").json();
        String pointer = "/components/schemas/Container";
        assertThat(faults(container.encode(), pointer)).isEmpty();
        assertThat(faults(container.copy().put("colour", "red").encode(), pointer))
                .hasSize(1);
        container.remove("state");
        assertThat(faults(container.encode(), pointer)).hasSize(1);
    }

    @Test
    void problems_and_the_events_of_a_verification_are_as_the_document_says() {
        // The server itself refuses the last one.
        for (String path : List.of("/api/v1/x", "/api/v1/host?x=1", "/api/v1/entries/99", "/api/v1/host?x=%zz")) {
            Reply reply = lab.get(path);
            assertThat(reply.header("content-type")).isEqualTo("application/problem+json");
            assertThat(faults(reply.body(), "/components/schemas/Problem"))
                    .as(reply.body())
                    .isEmpty();
            assertThat(reply.json().getString("remedy")).as(reply.body()).isNotEmpty();
        }
        Map<String, String> schemas =
                Map.of("progress", "VerifyProgress", "result", "Verification", "failure", "Problem");
        Matcher events = EVENT.matcher(lab.raw("GET /api/v1/ledger/verify"));
        String last = "";
        while (events.find()) {
            last = events.group(1);
            assertThat(faults(events.group(2), "/components/schemas/" + schemas.get(last)))
                    .as(events.group())
                    .isEmpty();
        }
        assertThat(last).isEqualTo("result");
    }
}
