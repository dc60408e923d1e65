// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.http.TestWebServer;
import org.opdbus.verticles.http.WebFace;
import org.opdbus.verticles.http.WebFace.Audience;

/** The files of the page as a browser gets them. */
final class PageRouteTest {
    private static final Path FOLDER = Path.of("src", "main", "resources", "web");
    private static final int ALL_BYTES_MAX = 1_000_000;
    private static final String LIBRARY = "/lib/cytoscape.min.js";
    private static final Pattern TAG = Pattern.compile("etag: (W/\"[^\"]+\")");

    private static TestWebServer server;

    @BeforeAll
    static void open() {
        server = TestWebServer.open(new WebFace(new PagePaths(), Audience.EVERYONE, PageRoute::new));
    }

    @AfterAll
    static void close() {
        server.close();
    }

    /** A file that is missing in {@code web/files.txt} is not served. */
    @Test
    void every_file_in_the_folder_is_in_the_list_and_has_a_type() throws IOException {
        Set<String> listed = PageFiles.byPath().values().stream()
                .map(PageFile::resource)
                .filter(resource -> resource.startsWith("/web/"))
                .map(resource -> resource.substring("/web/".length()))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(listed).isEqualTo(inFolder());
        assertThat(PageFiles.byPath().values()).allSatisfy(file -> {
            assertThat(file.type()).isNotEmpty();
            assertThat(file.bytes()).as(file.resource()).isNotEmpty();
        });
    }

    private static Set<String> inFolder() throws IOException {
        if (Files.notExists(FOLDER)) {
            return Set.of();
        }
        try (Stream<Path> files = Files.walk(FOLDER, 8)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> FOLDER.relativize(file).toString())
                    .filter(name -> !name.equals("files.txt"))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    @Test
    void all_of_it_is_small() throws IOException {
        long all = 0;
        for (PageFile file : PageFiles.byPath().values()) {
            all += StoredFile.of(file).compressed().length();
        }
        assertThat(all).as("bytes of all files, compressed").isLessThan(ALL_BYTES_MAX);
    }

    @Test
    void a_browser_gets_the_compressed_form_and_asks_for_it_once() throws IOException {
        String answer = server.ask("GET " + LIBRARY, "Accept-Encoding: gzip, deflate, br");
        assertThat(answer)
                .startsWith("HTTP/1.1 200 ")
                .contains(
                        "content-encoding: gzip",
                        "content-type: text/javascript; charset=utf-8",
                        "cache-control: no-cache",
                        "vary: Accept-Encoding",
                        "X-Content-Type-Options: nosniff",
                        "Referrer-Policy: no-referrer",
                        "Cross-Origin-Resource-Policy: same-origin");
        assertThat(unpacked(answer)).isEqualTo(library());

        Matcher tag = TAG.matcher(answer);
        assertThat(tag.find()).as(answer.substring(0, 400)).isTrue();
        for (String known : new String[] {tag.group(1), tag.group(1).substring(2), "\"x\", " + tag.group(1), "*"}) {
            assertThat(server.ask("GET " + LIBRARY, "If-None-Match: " + known))
                    .startsWith("HTTP/1.1 304 ")
                    .endsWith("\r\n\r\n");
        }
        assertThat(server.ask("GET " + LIBRARY, "If-None-Match: \"x\"")).startsWith("HTTP/1.1 200 ");
    }

    private static byte[] library() throws IOException {
        return Objects.requireNonNull(PageFiles.byPath().get(LIBRARY)).bytes();
    }

    @Test
    void another_program_gets_the_plain_form() throws IOException {
        for (String accepted : new String[] {"identity", "gzip;q=0", "gzip; q=0.0", ""}) {
            String answer = server.ask("GET " + LIBRARY, "Accept-Encoding: " + accepted);
            assertThat(answer).startsWith("HTTP/1.1 200 ").doesNotContain("content-encoding");
            assertThat(body(answer)).isEqualTo(library());
        }
        assertThat(server.ask("HEAD " + LIBRARY)).startsWith("HTTP/1.1 200 ").endsWith("\r\n\r\n");
    }

    @Test
    void no_path_leads_out_of_the_list() {
        for (String path : new String[] {
            "/lib/",
            "/lib/../lib/cytoscape.min.js",
            "/lib/cytoscape.min.js/",
            "/lib//cytoscape.min.js",
            "/lib/cytoscape.min.js%00",
            "/%2e%2e/%2e%2e/etc/passwd",
            "/../../etc/passwd",
            "/org/opdbus/verticles/http/HttpVerticle.class",
            "/META-INF/MANIFEST.MF",
            "/web/files.txt",
            "/files.txt"
        }) {
            assertThat(server.ask("GET " + path)).as(path).startsWith("HTTP/1.1 404 ");
        }
    }

    @Test
    void the_document_may_use_files_of_this_server_only() {
        Map<String, PageFile> documents = PageFiles.byPath().entrySet().stream()
                .filter(each -> each.getValue().isDocument())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        assertThat(documents)
                .allSatisfy((path, file) -> assertThat(server.ask("GET " + path))
                        .contains(
                                "Content-Security-Policy: default-src 'self'; object-src 'none'; base-uri 'none'; "
                                        + "form-action 'self'; frame-ancestors 'none'",
                                "Cross-Origin-Opener-Policy: same-origin",
                                "content-type: text/html; charset=utf-8"));
        assertThat(server.ask("GET " + LIBRARY))
                .contains("Content-Security-Policy: default-src 'none'; frame-ancestors 'none'");
    }

    private static byte[] body(String answer) {
        return answer.substring(answer.indexOf("\r\n\r\n") + 4).getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] unpacked(String answer) throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(body(answer)))) {
            return in.readAllBytes();
        }
    }
}
