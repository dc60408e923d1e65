// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.wiring;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.opdbus.ledger.Entry;
import org.opdbus.verticles.cluster.wire.LiveFact;
import org.opdbus.verticles.cluster.wire.PeerEvent;
import org.opdbus.verticles.control.PeerLines.Line;

/** Makes the lines about facts from peers. */
final class PeerEventLines {
    private PeerEventLines() {}

    /** An entry of a peer's ledger: {@code {"line": …}}, the line as it is on disk, which JSON need not preserve. */
    static Line of(Entry entry) {
        return line(entry.kind(), entry.subject(), new JsonObject().put("line", entry.line()));
    }

    /** What a peer published, in the form of {@code events --all-hosts}. */
    static Line of(PeerEvent event) {
        if (event instanceof PeerEvent.Recorded recorded) {
            Entry entry = recorded.entry();
            return line(
                    entry.kind(),
                    entry.subject(),
                    json(entry.time(), entry.host(), entry.kind(), entry.subject())
                            .put("data", new JsonObject(entry.data()))
                            .put("height", entry.height()));
        }
        if (event instanceof PeerEvent.Live live) {
            LiveFact fact = live.fact();
            return line(
                    fact.kind(),
                    fact.subject(),
                    json(fact.time(), live.host(), fact.kind(), fact.subject())
                            .put("data", fact.data())
                            .put("live", true));
        }
        PeerEvent.Missed missed = (PeerEvent.Missed) event;
        String kind = "events.missed";
        String subject = "cluster";
        return line(
                kind,
                subject,
                json(Instant.now(), missed.host(), kind, subject)
                        .put(
                                "data",
                                new JsonObject()
                                        .put("count", missed.to() - missed.from() + 1)
                                        .put("from", missed.from())
                                        .put("to", missed.to())));
    }

    private static JsonObject json(Instant time, String host, String kind, String subject) {
        return new JsonObject()
                .put("time", time.truncatedTo(ChronoUnit.MICROS).toString())
                .put("host", host)
                .put("kind", kind)
                .put("subject", subject);
    }

    private static Line line(String kind, String subject, JsonObject json) {
        return new Line(kind, subject, json.encode());
    }
}
