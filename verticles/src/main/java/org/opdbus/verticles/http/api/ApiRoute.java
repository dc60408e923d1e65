// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.api;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.opdbus.verticles.http.WebExchange;
import org.opdbus.verticles.http.WebRoute;

/** Leads a request below {@value #ROOT} to its resource. For the event loop of the server. */
public final class ApiRoute implements WebRoute {
    /** Where all paths begin. */
    public static final String ROOT = "/api/v1";

    private static final String DOCUMENT = "openapi.json";
    private static final int RUN_BYTES = 6;

    private final ApiSources sources;
    private final FileThreads threads;
    private final LedgerResources ledger;
    private final EventResource events;
    private final FindingsResource findings;
    private final List<Resource> resources = new ArrayList<>();
    private final String run;

    /** Creates a route of the present event loop. */
    public ApiRoute(Vertx vertx, ApiSources sources) {
        this.sources = sources;
        byte[] random = new byte[RUN_BYTES];
        new SecureRandom().nextBytes(random);
        run = HexFormat.of().formatHex(random);
        threads = new FileThreads(vertx);
        ledger = new LedgerResources(sources.inventory(), sources.ledger(), threads);
        events = new EventResource(sources.events());
        findings = new FindingsResource(sources.findings(), threads, InstantSource.system());
        resources.add(new Resource("", List.of(), this::index));
        resources.add(new Resource("/" + DOCUMENT, List.of(), this::document));
        resources.addAll(new ListResources(run, sources.inventory(), threads).all());
        resources.addAll(
                new EntryResources(run, sources.inventory(), sources.ledger(), threads, InstantSource.system()).all());
        resources.addAll(ledger.all());
        resources.add(events.resource());
        resources.add(findings.resource());
    }

    /** Returns the parameters of the query of each resource, by its path with variables in braces. */
    Map<String, List<String>> parameters() {
        Map<String, List<String>> parameters = new TreeMap<>();
        resources.forEach(resource -> parameters.put(ROOT + resource.template(), resource.parameters()));
        return parameters;
    }

    @Override
    public boolean answer(WebExchange exchange) {
        try {
            answer(exchange, segments(exchange.path().substring(ROOT.length())));
        } catch (ProblemException refused) {
            ApiRequest.end(exchange, refused.problem());
        }
        return true;
    }

    private void answer(WebExchange exchange, List<String> path) {
        for (Resource resource : resources) {
            Optional<Map<String, String>> variables = resource.match(path);
            if (variables.isPresent()) {
                Parameters parameters = Parameters.of(exchange.request().params(), resource.parameters());
                resource.answers().accept(new ApiRequest(exchange, variables.get(), parameters));
                return;
            }
        }
        throw new ProblemException(
                ApiProblem.notFound("there is no such resource", "GET " + ROOT + " lists what there is"));
    }

    private static List<String> segments(String path) {
        try {
            return Resource.segments(path).stream()
                    // A plus sign in a path stands for itself.
                    .map(segment -> URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8))
                    .toList();
        } catch (IllegalArgumentException malformed) {
            throw new ProblemException(
                    ApiProblem.badRequest("the path is not well-formed", "write other characters as %XX"));
        }
    }

    private void index(ApiRequest request) {
        JsonObject links = new JsonObject();
        for (Resource resource : resources) {
            String template = resource.template();
            if (!template.isEmpty() && template.indexOf('{') < 0) {
                links.put(template.substring(1), ROOT + template);
            }
        }
        links.put("stream", ROOT + "/stream");
        request.end(ApiAnswer.of(new JsonObject()
                .put("host", sources.inventory().current().host().name())
                .put("version", sources.inventory().current().host().version())
                .put("links", links)));
    }

    private void document(ApiRequest request) {
        String tag = sources.inventory().current().host().version();
        if (!request.endIfKnown(tag)) {
            threads.answer(request, () -> new ApiAnswer(ApiAnswer.JSON, document(), Optional.of(tag)));
        }
    }

    /** Returns the description of all resources (OpenAPI 3.1). */
    static byte[] document() throws IOException {
        try (InputStream in = ApiRoute.class.getResourceAsStream(DOCUMENT)) {
            if (in == null) {
                throw new IOException("the program lacks " + DOCUMENT);
            }
            return in.readAllBytes();
        }
    }

    @Override
    public void close() {
        ledger.close();
        events.close();
        findings.close();
        threads.close();
    }
}
