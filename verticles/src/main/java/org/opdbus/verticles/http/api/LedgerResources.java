// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.api;

import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.opdbus.ledger.Checkpoint;
import org.opdbus.ledger.Entry;
import org.opdbus.ledger.VerifierKey;
import org.opdbus.ledger.read.LedgerReader;
import org.opdbus.verticles.http.api.ApiSources.LedgerFiles;
import org.opdbus.verticles.inventory.HostFacts;
import org.opdbus.verticles.inventory.LiveInventory;

/** The ledger as a whole: how far it reaches, who signs it, and its verification. For the event loop. */
final class LedgerResources implements AutoCloseable {
    private final LiveInventory inventory;
    private final LedgerFiles ledger;
    private final FileThreads threads;
    private @Nullable VerifyStream verifying;

    LedgerResources(LiveInventory inventory, LedgerFiles ledger, FileThreads threads) {
        this.inventory = inventory;
        this.ledger = ledger;
        this.threads = threads;
    }

    List<Resource> all() {
        return List.of(
                new Resource("/ledger", List.of(), this::head),
                new Resource("/ledger/verify", List.of(), this::verify));
    }

    private void head(ApiRequest request) {
        HostFacts host = inventory.current().host();
        threads.answer(request, () -> {
            Optional<Entry> last = LedgerReader.of(ledger.folder()).last();
            return ApiAnswer.of(new JsonObject()
                    .put("host", host.name())
                    .put("height", last.map(Entry::height).orElse(0L))
                    .put("hash", last.map(Entry::hash).orElse(Entry.NO_ENTRY))
                    .put("degraded", host.ledger().degraded().orElse(null))
                    .put(
                            "checkpoint",
                            ledger.signed().get().map(LedgerResources::json).orElse(null))
                    .put("key", key(ledger).map(LedgerResources::json).orElse(null)));
        });
    }

    /** Returns the public key of the host, if it can be read. */
    static Optional<VerifierKey> key(LedgerFiles ledger) {
        return Files.exists(ledger.key()) ? Optional.of(VerifierKey.read(ledger.key())) : Optional.empty();
    }

    static JsonObject json(Checkpoint checkpoint) {
        return new JsonObject()
                .put("size", checkpoint.size())
                .put("root", checkpoint.root())
                .put("note", checkpoint.note());
    }

    private static JsonObject json(VerifierKey key) {
        return new JsonObject()
                .put("name", key.name())
                .put("text", key.toString())
                .put("fingerprint", key.fingerprint());
    }

    private void verify(ApiRequest request) {
        if (request.exchange().isHead()) {
            request.end(new ApiAnswer(VerifyStream.TYPE, new byte[0], Optional.empty()));
            return;
        }
        if (verifying != null) {
            throw new ProblemException(ApiProblem.busy("the ledger is being verified for another caller"));
        }
        VerifyStream stream = new VerifyStream(ledger, threads, () -> verifying = null);
        verifying = stream;
        stream.begin(request);
    }

    @Override
    public void close() {
        VerifyStream stream = verifying;
        if (stream != null) {
            stream.end();
        }
    }
}
