// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.ledger.Entry;
import org.opdbus.ledger.LedgerOptions;
import org.opdbus.ledger.VerifierKey;
import org.opdbus.ledger.merkle.InclusionProof;
import org.opdbus.verticles.http.api.ApiLab.Reply;
import org.opdbus.verticles.testing.Eventually;

/** A real ledger, as callers read it. */
final class LedgerResourcesTest {
    private static final Pattern RESULT = Pattern.compile("event: result\ndata: (.*)\n");

    @TempDir
    Path folder;

    private ApiLab lab;

    @BeforeEach
    void open() {
        lab = new ApiLab(folder);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    private static List<Long> heights(JsonObject page) {
        return page.getJsonArray("items").stream()
                .map(entry -> ((JsonObject) entry).getLong("height"))
                .toList();
    }

    /** Follows the pages from a path to their end. */
    private List<Long> all(String path) {
        List<Long> all = new ArrayList<>();
        String next = path;
        while (next != null) {
            JsonObject page = lab.get(next).json();
            all.addAll(heights(page));
            next = page.getString("next");
        }
        return all;
    }

    @Test
    void entries_are_paged_in_both_directions() {
        List<Entry> entries = lab.record(250);
        JsonObject newest = lab.get("/api/v1/entries?limit=3").json();
        assertThat(heights(newest)).containsExactly(250L, 249L, 248L);
        assertThat(newest.getString("next")).isEqualTo("/api/v1/entries?limit=3&before=248");
        assertThat(heights(lab.get("/api/v1/entries?after=10&limit=2").json())).containsExactly(11L, 12L);
        assertThat(heights(lab.get("/api/v1/entries?before=3").json())).containsExactly(2L, 1L);
        assertThat(lab.get("/api/v1/entries?before=3").json().getString("next")).isNull();
        assertThat(heights(lab.get("/api/v1/entries").json())).hasSize(EntryResources.ENTRIES_DEFAULT);
        assertThat(all("/api/v1/entries?limit=40"))
                .isEqualTo(LongStream.rangeClosed(1, 250).mapToObj(i -> 251 - i).toList());
        assertThat(all("/api/v1/entries?limit=40&after=0"))
                .isEqualTo(LongStream.rangeClosed(1, 250).boxed().toList());
        assertThat(lab.get("/api/v1/entries?before=251&limit=1").body())
                .contains(entries.get(249).line());
    }

    @Test
    void entries_are_selected_by_kind_subject_time_and_text() {
        List<Entry> entries = lab.record(100);
        assertThat(all("/api/v1/entries?kind=container.*&limit=3"))
                .containsExactly(91L, 81L, 71L, 61L, 51L, 41L, 31L, 21L, 11L, 1L);
        assertThat(all("/api/v1/entries?kind=container.started&after=50")).containsExactly(51L, 61L, 71L, 81L, 91L);
        assertThat(all("/api/v1/entries?subject=vi7")).containsExactly(8L);
        assertThat(all("/api/v1/entries?q=vi77")).containsExactly(78L);
        assertThat(all("/api/v1/entries?q=%07%3Cb%3E&subject=vi9")).containsExactly(10L);
        assertThat(all("/api/v1/entries?since=1h&limit=1000")).hasSize(100);
        assertThat(all("/api/v1/entries?until=1h")).isEmpty();
        String time = entries.get(99).time().toString();
        assertThat(all("/api/v1/entries?since=" + time)).contains(100L).hasSizeLessThan(101);
        assertThat(all("/api/v1/entries?since=2020-01-01T00:00:00%2B01:00&limit=1000"))
                .hasSize(100);
    }

    @Test
    void hostile_parameters_of_entries_are_refused_with_a_remedy() {
        lab.record(1);
        for (String query : List.of(
                "after=1&before=2",
                "after=x",
                "after=-1",
                "before=0",
                "after=99999999999999999999",
                "after=9007199254740992",
                "limit=0",
                "limit=1001",
                "limit=1e3",
                "since=yesterday",
                "since=",
                "since=999999999d",
                "since=-999999999-01-01T00:00:00%2B18:00",
                "until=2025-02-30T00:00:00Z",
                "since=%00",
                "height=1",
                "kind=" + "k".repeat(257))) {
            Reply reply = lab.get("/api/v1/entries?" + query);
            assertThat(reply.status()).as(query).isEqualTo(400);
            assertThat(reply.json().getString("remedy")).isNotEmpty();
        }
        for (String height : List.of("0", "2", "-1", "x", "1.0", "99999999999999999999", "9007199254740991", "%31x")) {
            assertThat(lab.get("/api/v1/entries/" + height).status()).as(height).isEqualTo(404);
            assertThat(lab.get("/api/v1/entries/" + height + "/proof").status())
                    .as(height)
                    .isEqualTo(404);
        }
    }

    @Test
    void a_page_that_the_caller_has_is_not_read_again() {
        lab.record(5);
        String tag = lab.get("/api/v1/entries").header("etag");
        assertThat(lab.get("/api/v1/entries", "If-None-Match: " + tag).status()).isEqualTo(304);
        assertThat(lab.get("/api/v1/entries?since=1h").header("etag")).isEmpty();
        Reply entry = lab.get("/api/v1/entries/3");
        assertThat(entry.header("etag")).isEqualTo('"' + entry.json().getString("hash") + '"');
    }

    @Test
    void an_entry_and_its_proof_are_checked_with_the_key_alone() {
        List<Entry> entries = lab.record(20);
        assertThat(lab.get("/api/v1/entries/7").body()).isEqualTo(entries.get(6).line() + "\n");
        Reply proof = lab.get("/api/v1/entries/7/proof");
        assertThat(proof.header("content-type")).startsWith("text/plain");
        VerifierKey key = VerifierKey.read(LedgerOptions.publicKeyFileFor(lab.ledgerFolder));
        InclusionProof parsed = InclusionProof.parse(proof.body());
        parsed.check(key);
        assertThat(parsed.entry()).isEqualTo(entries.get(6));
        JsonObject ledger = lab.get("/api/v1/ledger").json();
        assertThat(ledger.getLong("height")).isEqualTo(20);
        assertThat(ledger.getString("hash")).isEqualTo(entries.get(19).hash());
        assertThat(ledger.getJsonObject("key").getString("text")).isEqualTo(key.toString());
        assertThat(ledger.getJsonObject("key").getString("fingerprint")).isEqualTo(key.fingerprint());
    }

    private JsonObject verified() {
        String answer = lab.raw("GET /api/v1/ledger/verify");
        assertThat(answer).startsWith("HTTP/1.1 200 ").contains("content-type: text/event-stream");
        Matcher result = RESULT.matcher(answer);
        assertThat(result.find()).as(answer).isTrue();
        return new JsonObject(result.group(1));
    }

    @Test
    void a_whole_ledger_is_intact_and_a_changed_one_says_which_entry() throws IOException {
        lab.record(50);
        JsonObject intact = verified();
        assertThat(intact.getBoolean("intact")).isTrue();
        assertThat(intact.getLong("entries")).isEqualTo(50);
        assertThat(intact.getString("signature")).isEqualTo("holds");

        Path segment = lab.ledgerFolder.resolve("00000000000000000001.jsonl");
        Files.writeString(segment, Files.readString(segment).replace("\"subject\":\"vi30\"", "\"subject\":\"vi31\""));
        JsonObject damaged = verified();
        assertThat(damaged.getBoolean("intact")).isFalse();
        assertThat(damaged.getString("verdict")).isEqualTo("damaged");
        JsonObject finding = damaged.getJsonArray("findings").getJsonObject(0);
        assertThat(finding.getLong("height")).isEqualTo(31);
        assertThat(finding.getString("what")).contains("its hash does not match");
        assertThat(lab.get("/api/v1/entries/31").status()).isEqualTo(500);
        assertThat(lab.get("/api/v1/entries/31").json().getString("remedy")).contains("ledger verify");
        assertThat(lab.get("/api/v1/entries/30/proof").status()).isEqualTo(500);
        assertThat(lab.get("/api/v1/entries/30").status()).isEqualTo(200);
    }

    @Test
    void the_ledger_is_verified_for_one_caller_at_a_time_and_for_the_next_when_that_one_has_gone() throws Exception {
        lab.record(10);
        Path checkpoint = lab.ledgerFolder.resolve("checkpoint");
        Path old = Files.copy(checkpoint, folder.resolve("old"));
        lab.record(10);
        // Now the end is not signed, so the agent is asked, and this one takes its time.
        Files.move(old, checkpoint, StandardCopyOption.REPLACE_EXISTING);
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch answer = new CountDownLatch(1);
        lab.signed = () -> {
            asked.countDown();
            await(answer);
            return Optional.empty();
        };
        try (Socket first = new Socket(InetAddress.getLoopbackAddress(), lab.port())) {
            first.getOutputStream()
                    .write("GET /api/v1/ledger/verify HTTP/1.1\r\nHost: localhost\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            await(asked);
            Reply second = lab.get("/api/v1/ledger/verify");
            assertThat(second.status()).isEqualTo(503);
            assertThat(second.json().getString("detail")).contains("for another caller");
            assertThat(lab.ask("HEAD /api/v1/ledger/verify").status()).isEqualTo(200);
        }
        answer.countDown();
        Eventually.eventually(
                () -> assertThat(lab.raw("GET /api/v1/ledger/verify")).startsWith("HTTP/1.1 200 "));
        JsonObject unsigned = verified();
        assertThat(unsigned.getString("verdict")).isEqualTo("unsigned-tail");
        assertThat(unsigned.getJsonArray("findings"))
                .isInstanceOf(JsonArray.class)
                .hasSize(1);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void a_verification_that_cannot_begin_says_why() {
        String answer = lab.raw("GET /api/v1/ledger/verify");
        assertThat(answer).contains("event: failure\ndata: {\"type\":\"about:blank\"", "there is no ledger");
    }
}
