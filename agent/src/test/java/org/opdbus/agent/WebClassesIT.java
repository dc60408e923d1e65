// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A host whose page no one opens pays nothing for it: a running agent has none of its classes before the first request. */
final class WebClassesIT {
    /** What serves the page, the API, the stream, captures, sessions and TLS. */
    private static final Pattern OF_THE_PAGE =
            Pattern.compile("] (org\\.opdbus\\.verticles\\.http\\.(?:api|stream|page|capture)\\.\\S+"
                    + "|org\\.opdbus\\.verticles\\.http\\.(?:SessionRoute|RequestExchange|RequestGate|TlsGate|EncodedBody)"
                    + "|org\\.opdbus\\.verticles\\.http\\.access\\.(?:SessionCookie|Tls\\S+)"
                    + "|sun\\.security\\.ssl\\.\\S+|io\\.netty\\.handler\\.ssl\\.\\S+) ");
    /** What says which paths there are, and a word in the options of the server. */
    private static final List<String> SMALL = List.of(
            "org.opdbus.verticles.http.page.PagePaths",
            "org.opdbus.verticles.http.capture.CapturePaths",
            "io.netty.handler.ssl.ClientAuth");

    private final TestHost scene = new TestHost(Map.of());

    @TempDir
    private Path folder;

    @AfterEach
    void close() {
        scene.close();
    }

    @Test
    void nothing_of_the_page_is_loaded_before_the_first_request() throws Exception {
        Path log = folder.resolve("classes");
        scene.agent.environment(Map.of("JAVA_TOOL_OPTIONS", "-Xlog:class+load:file=" + log));
        scene.ovs.start();
        scene.ovs.addBridge(TestHost.BRIDGE);
        scene.agent.start();
        scene.run("100");
        scene.awaitEnrolled("100", "vi100");
        assertThat(Files.readString(log)).contains("org.opdbus.verticles.http.HttpVerticle ");
        assertThat(ofThePage(log)).isEmpty();

        HttpRequest page =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:8080/")).build();
        assertThat(HttpClient.newHttpClient()
                        .send(page, BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(200);
        eventually(() -> assertThat(ofThePage(log)).contains("org.opdbus.verticles.http.page.PageRoute"));
        // The file of the page alone brings neither the stream nor TLS.
        assertThat(ofThePage(log))
                .noneMatch(name -> name.contains(".http.stream.") || name.startsWith("sun.security.ssl."));
    }

    private static List<String> ofThePage(Path log) throws IOException {
        try (Stream<String> lines = Files.lines(log)) {
            return lines.map(OF_THE_PAGE::matcher)
                    .filter(found -> found.find())
                    .map(found -> found.group(1))
                    .filter(name -> !SMALL.contains(name))
                    .toList();
        }
    }
}
