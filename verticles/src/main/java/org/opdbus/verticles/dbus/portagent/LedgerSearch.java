// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.portagent;

import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.functions.Action;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.opdbus.ledger.Entry;
import org.opdbus.ledger.LedgerException;
import org.opdbus.ledger.read.EntryFilter;
import org.opdbus.ledger.read.LedgerReader;
import org.opdbus.ledger.verify.Verification;
import org.opdbus.verticles.dbus.wire.BusErrorException;
import org.opdbus.verticles.dbus.work.LedgerWork;

/**
 * Searches the ledger for callers, on threads that may wait for the disk. An answer has at most {@value #ENTRIES_MAX} entries and
 * {@value #CHARS_MAX} characters; a larger one is an error that says how to ask for less. Few searches go on at once. Safe for
 * use by any thread.
 */
public final class LedgerSearch {
    static final int ENTRIES_MAX = 1_000;
    static final int CHARS_MAX = 1 << 20;

    private static final int SEARCHES_MAX = 2;
    private static final int CATEGORIES_MAX = 1_000;
    private static final Pattern HASH = Pattern.compile("[0-9a-fA-F]{64}");

    private final Path folder;
    private final LedgerWork work;
    private final Scheduler files;
    private final AtomicInteger searches = new AtomicInteger();

    /**
     * Creates a search.
     *
     * @param folder the ledger
     * @param files where reading may wait
     */
    public LedgerSearch(Path folder, LedgerWork work, Scheduler files) {
        this.folder = folder;
        this.work = work;
        this.files = files;
    }

    /** Ends a search that has what it needs. */
    private static final class EnoughException extends RuntimeException {
        private static final long serialVersionUID = 1;

        EnoughException() {
            super("the search has what it needs", null, false, false);
        }
    }

    /** Returns the number of entries, the time and hash of the last one, and how many there are of each category. */
    Single<String> statistics() {
        return search(() -> {
            Map<String, Object> categories = new TreeMap<>();
            Map<String, Object> producers = new TreeMap<>();
            JsonObject statistics = new JsonObject().put("total_blocks", 0L).put("last_timestamp", 0L);
            LedgerReader.of(folder).from(1, entry -> {
                count(categories, category(entry.kind()));
                count(producers, entry.host());
                statistics
                        .put("total_blocks", entry.height())
                        .put("last_timestamp", entry.time().getEpochSecond())
                        .put("last_hash", entry.hash());
            });
            return statistics
                    .put("categories", new JsonObject(categories))
                    .put("producers", new JsonObject(producers))
                    .encodePrettily();
        });
    }

    private static void count(Map<String, Object> counts, String key) {
        if (counts.size() < CATEGORIES_MAX || counts.containsKey(key)) {
            counts.merge(key, 1L, (count, one) -> (Long) count + (Long) one);
        }
    }

    private static String category(String kind) {
        int dot = kind.indexOf('.');
        return dot < 0 ? kind : kind.substring(0, dot);
    }

    /**
     * Returns the entries of a category as a JSON array.
     *
     * @param category a kind, such as {@code container.enrolled}, or its part before the dot
     */
    Single<String> ofCategory(String category) {
        return search(() -> {
            Answer answer = new Answer("ask for one kind, such as container.enrolled, or for a range of heights");
            String kinds = category.contains(".") ? category : category + ".*";
            LedgerReader.of(folder).search(EntryFilter.ALL.withKind(kinds), answer);
            return answer.json();
        });
    }

    /** Returns the entries of these heights, both included, as a JSON array; the heights are unsigned. */
    Single<String> between(long start, long end) {
        if (Long.compareUnsigned(start, end) > 0) {
            return Single.error(BusErrorException.standard("InvalidArgs", "the start is greater than the end"));
        }
        if (start < 0) {
            return Single.just("[]");
        }
        long last = end < 0 ? Long.MAX_VALUE : end;
        return search(() -> {
            Answer answer = new Answer("ask for fewer heights");
            try {
                LedgerReader.of(folder).from(start, entry -> {
                    if (entry.height() > last) {
                        throw new EnoughException();
                    }
                    answer.accept(entry);
                });
            } catch (EnoughException e) {
                // The rest of the ledger is not in the range.
            }
            return answer.json();
        });
    }

    /** Returns the entry with this hash, or the words that there is none. */
    Single<String> ofHash(String hash) {
        if (!HASH.matcher(hash).matches()) {
            return Single.error(BusErrorException.standard("InvalidArgs", "a hash has 64 hex digits"));
        }
        return search(() -> {
            try {
                return LedgerReader.of(folder).find(hash).line();
            } catch (LedgerException e) {
                if (e.reason() == LedgerException.Reason.NO_SUCH_ENTRY) {
                    return "Block not found";
                }
                throw e;
            }
        });
    }

    /** Checks the whole ledger. */
    Single<String> integrity() {
        return work.verify().map(LedgerSearch::verdict);
    }

    private static String verdict(Verification result) {
        String finding =
                result.findings().isEmpty() ? "" : ": " + result.findings().get(0);
        return "Blockchain integrity: " + (result.intact() ? "VALID" : "INVALID" + finding);
    }

    private Single<String> search(Callable<String> reading) {
        return Single.defer(() -> {
            if (searches.incrementAndGet() > SEARCHES_MAX) {
                searches.decrementAndGet();
                return Single.error(BusErrorException.standard(
                        "LimitsExceeded", "other searches of the ledger go on; try again when they have ended"));
            }
            AtomicBoolean given = new AtomicBoolean();
            Action giveBack = () -> {
                if (given.compareAndSet(false, true)) {
                    searches.decrementAndGet();
                }
            };
            // Before the answer, so that a caller who asks again at once has its place; or when the caller has gone.
            return Single.fromCallable(reading)
                    .subscribeOn(files)
                    .doOnTerminate(giveBack)
                    .doFinally(giveBack);
        });
    }

    /** A JSON array of entries that is not larger than allowed. */
    private static final class Answer implements Consumer<Entry> {
        private final String remedy;
        private final StringBuilder json = new StringBuilder();
        private int entries;

        Answer(String remedy) {
            this.remedy = remedy;
        }

        @Override
        public void accept(Entry entry) {
            String line = entry.line();
            entries++;
            if (entries > ENTRIES_MAX || json.length() + line.length() > CHARS_MAX) {
                throw BusErrorException.standard(
                        "LimitsExceeded",
                        "the answer would have more than " + ENTRIES_MAX + " entries or " + CHARS_MAX + " characters; "
                                + remedy);
            }
            json.append(entries > 1 ? ",\n" : "").append(line);
        }

        String json() {
            return entries == 0 ? "[]" : "[\n" + json + "\n]";
        }
    }
}
