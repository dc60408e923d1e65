// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.api;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.opdbus.ledger.VerifierKey;
import org.opdbus.ledger.verify.Finding;
import org.opdbus.ledger.verify.Verification;
import org.opdbus.ledger.verify.Verifier;
import org.opdbus.verticles.http.api.ApiSources.LedgerFiles;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One verification of the whole ledger, told as server-sent events: {@code progress} at most some ten times a second, then one {@code
 * result} or {@code failure}. It ends as soon as its caller has gone. For the event loop, except where it says otherwise.
 */
final class VerifyStream {
    static final String TYPE = "text/event-stream";

    private static final Logger LOG = LoggerFactory.getLogger(VerifyStream.class);
    private static final long PROGRESS_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final int FINDINGS_MAX = 100;

    private final LedgerFiles ledger;
    private final FileThreads threads;
    private final Runnable ended;
    private @Nullable HttpServerResponse response;
    private volatile boolean isLeft;
    private long toldNs;

    /**
     * Creates a verification that has not begun.
     *
     * @param ended runs on the event loop when it reads nothing more
     */
    VerifyStream(LedgerFiles ledger, FileThreads threads, Runnable ended) {
        this.ledger = ledger;
        this.threads = threads;
        this.ended = ended;
    }

    /** Stops reading, because nobody listens any more. */
    private static final class LeftException extends RuntimeException {
        private static final long serialVersionUID = 1;

        LeftException() {
            super("the caller has gone", null, false, false);
        }
    }

    void begin(ApiRequest request) {
        if (!threads.begin(this::verify)) {
            ended.run();
            request.end(ApiProblem.busy("too many requests wait for files"));
            return;
        }
        request.exchange().put(HttpHeaders.CACHE_CONTROL, "no-store");
        HttpServerResponse stream = request.exchange().stream(TYPE);
        response = stream;
        stream.closeHandler(closed -> isLeft = true);
        stream.exceptionHandler(failure -> isLeft = true);
    }

    /** Ends it before its end. */
    void end() {
        isLeft = true;
    }

    /** Runs on one of the threads for files. */
    private void verify() {
        JsonObject message;
        String name = "result";
        try {
            message = json(verified());
        } catch (LeftException left) {
            message = new JsonObject();
        } catch (RuntimeException failure) {
            name = "failure";
            message = FileThreads.problem(failure).json();
        }
        String event = name;
        JsonObject data = message;
        threads.onLoop(() -> {
            ended.run();
            last(event, data);
        });
    }

    private Verification verified() {
        Optional<VerifierKey> key = LedgerResources.key(ledger);
        Verifier verifier =
                Verifier.of(ledger.folder()).withAgent(ledger.signed()).withProgress(this::progress);
        return key.map(verifier::withKey).orElse(verifier).verify();
    }

    private void progress(long bytes, long total) {
        if (isLeft) {
            throw new LeftException();
        }
        long now = System.nanoTime();
        if (now - toldNs >= PROGRESS_NS) {
            toldNs = now;
            threads.onLoop(
                    () -> tell("progress", new JsonObject().put("bytes", bytes).put("total", total)));
        }
    }

    private void tell(String event, JsonObject data) {
        HttpServerResponse to = response;
        if (to != null && !isLeft && !to.writeQueueFull()) {
            to.write(message(event, data)).onFailure(VerifyStream::failed);
        }
    }

    private void last(String event, JsonObject data) {
        HttpServerResponse to = response;
        if (to != null && !isLeft) {
            to.end(message(event, data)).onFailure(VerifyStream::failed);
        }
    }

    private static void failed(Throwable failure) {
        LOG.debug("the caller of a verification has gone: {}", failure.toString());
    }

    private static String message(String event, JsonObject data) {
        return "event: " + event + "\ndata: " + data.encode() + "\n\n";
    }

    private static JsonObject json(Verification result) {
        JsonArray findings = new JsonArray();
        result.findings().stream().limit(FINDINGS_MAX).forEach(finding -> findings.add(json(finding)));
        return new JsonObject()
                .put("verdict", word(result.verdict()))
                .put("intact", result.intact())
                .put("entries", result.entries())
                .put("bytes", result.bytes())
                .put("signature", word(result.signature()))
                .put(
                        "checkpoint",
                        result.checkpoint().map(LedgerResources::json).orElse(null))
                .put("findings", findings)
                .put("adoptions", texts(result.adoptions()))
                .put("notices", texts(result.notices()));
    }

    private static JsonObject json(Finding finding) {
        return new JsonObject()
                .put("verdict", word(finding.verdict()))
                .put("height", finding.height())
                .put("file", String.valueOf(finding.file().getFileName()))
                .put("offset", finding.offset())
                .put("what", finding.what());
    }

    private static JsonArray texts(List<?> values) {
        JsonArray texts = new JsonArray();
        values.stream().limit(FINDINGS_MAX).map(Object::toString).forEach(texts::add);
        return texts;
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
