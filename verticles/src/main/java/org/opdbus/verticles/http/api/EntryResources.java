// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.api;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.StringJoiner;
import org.opdbus.ledger.Entry;
import org.opdbus.ledger.read.EntryFilter;
import org.opdbus.ledger.read.EntryPage;
import org.opdbus.ledger.read.EntryPages;
import org.opdbus.ledger.verify.LedgerProver;
import org.opdbus.verticles.http.api.ApiSources.LedgerFiles;
import org.opdbus.verticles.inventory.LiveInventory;

/** The entries of the ledger. No request reads more than {@value #READ_BYTES_MAX} bytes of it, but for a proof. For the event loop. */
final class EntryResources {
    static final int ENTRIES_DEFAULT = 100;
    static final int ENTRIES_MAX = 1_000;
    private static final long READ_BYTES_MAX = 8L << 20;
    private static final long ANSWER_BYTES_MAX = 1L << 20;
    private static final long HEIGHT_MAX = (1L << 53) - 1;

    private static final String AFTER = "after";
    private static final String BEFORE = "before";
    private static final String SINCE = "since";
    private static final String UNTIL = "until";
    private static final String KIND = "kind";
    private static final String SUBJECT = "subject";
    private static final String TEXT = "q";
    private static final String LIMIT = "limit";
    private static final String HEIGHT = "height";
    private static final String PATH = "/entries";

    private final String run;
    private final LiveInventory inventory;
    private final LedgerFiles ledger;
    private final FileThreads threads;
    private final InstantSource clock;
    private boolean isProving;

    EntryResources(String run, LiveInventory inventory, LedgerFiles ledger, FileThreads threads, InstantSource clock) {
        this.run = run;
        this.inventory = inventory;
        this.ledger = ledger;
        this.threads = threads;
        this.clock = clock;
    }

    List<Resource> all() {
        return List.of(
                new Resource(PATH, List.of(AFTER, BEFORE, SINCE, UNTIL, KIND, SUBJECT, TEXT, LIMIT), this::page),
                new Resource(PATH + "/{height}", List.of(), this::entry),
                new Resource(PATH + "/{height}/proof", List.of(), this::proof));
    }

    private void page(ApiRequest request) {
        Parameters parameters = request.parameters();
        OptionalLong after = parameters.number(AFTER, 0, HEIGHT_MAX);
        OptionalLong before = parameters.number(BEFORE, 1, HEIGHT_MAX);
        if (after.isPresent() && before.isPresent()) {
            throw new ProblemException(ApiProblem.badRequest(
                    "after and before are both given",
                    "give one of them: pages go up from a height, or down from one"));
        }
        EntryFilter filter = filter(parameters);
        EntryPage.Limits limits = new EntryPage.Limits(
                (int) parameters.number(LIMIT, 1, ENTRIES_MAX).orElse(ENTRIES_DEFAULT),
                READ_BYTES_MAX,
                ANSWER_BYTES_MAX);
        boolean isRelative = parameters.isRelative(SINCE) || parameters.isRelative(UNTIL);
        // Entries are never changed, so the number of entries says which answer it is.
        Optional<String> tag = Optional.of(tag()).filter(known -> !isRelative);
        if (tag.isPresent() && request.endIfKnown(tag.get())) {
            return;
        }
        threads.answer(request, () -> {
            EntryPages pages = EntryPages.of(ledger.folder(), filter, limits);
            EntryPage page =
                    after.isPresent() ? pages.after(after.getAsLong()) : pages.before(before.orElse(Long.MAX_VALUE));
            return ApiAnswer.of(json(page, parameters, after.isPresent()), tag);
        });
    }

    private String tag() {
        return run + '.' + inventory.current().host().ledger().height().orElse(0L);
    }

    private EntryFilter filter(Parameters parameters) {
        Optional<Instant> since = parameters.time(SINCE, clock);
        Optional<Instant> until = parameters.time(UNTIL, clock);
        return new EntryFilter(parameters.text(KIND), parameters.text(SUBJECT), since, until, parameters.text(TEXT));
    }

    /** The entries are written as they are on disk, byte for byte. */
    private static String json(EntryPage page, Parameters parameters, boolean isUp) {
        StringJoiner items = new StringJoiner(",\n", "{\"items\":[\n", "\n],");
        items.setEmptyValue("{\"items\":[],");
        page.entries().forEach(entry -> items.add(entry.line()));
        String next = page.next().isPresent()
                ? '"'
                        + ApiRoute.ROOT
                        + PATH
                        + parameters.with(isUp ? AFTER : BEFORE, page.next().getAsLong(), isUp ? BEFORE : AFTER)
                        + '"'
                : "null";
        return items + "\"next\":" + next + "}";
    }

    private static long height(ApiRequest request) {
        String text = request.variable(HEIGHT);
        if (!text.matches("[0-9]{1,16}") || Long.parseLong(text) < 1) {
            throw new ProblemException(ApiProblem.notFound(
                    "\"" + text + "\" is no height of an entry", "entries are numbered from 1 on without a gap"));
        }
        return Long.parseLong(text);
    }

    private void entry(ApiRequest request) {
        long height = height(request);
        threads.answer(request, () -> {
            EntryPage.Limits one = new EntryPage.Limits(1, READ_BYTES_MAX, ANSWER_BYTES_MAX);
            Entry entry = EntryPages.of(ledger.folder(), EntryFilter.ALL, one)
                    .entry(height)
                    .orElseThrow(() -> noEntry(height));
            return ApiAnswer.of(entry.line(), Optional.of(entry.hash()));
        });
    }

    private static ProblemException noEntry(long height) {
        return new ProblemException(ApiProblem.notFound(
                "there is no entry " + height, "GET " + ApiRoute.ROOT + "/ledger shows how many entries there are"));
    }

    /** A proof reads the whole ledger, so one is made at a time. */
    private void proof(ApiRequest request) {
        long height = height(request);
        if (isProving) {
            throw new ProblemException(ApiProblem.busy("another proof is being made, which reads the whole ledger"));
        }
        isProving = true;
        threads.answerLater(
                request,
                () -> new ApiAnswer(
                        "text/plain; charset=utf-8",
                        LedgerProver.of(ledger.folder())
                                .inclusion(height)
                                .text()
                                .getBytes(StandardCharsets.UTF_8),
                        Optional.empty()),
                () -> isProving = false);
    }
}
