// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.wiring;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.opdbus.ledger.Entry;
import org.opdbus.verticles.cluster.Copy;
import org.opdbus.verticles.cluster.Told;
import org.opdbus.verticles.control.SiblingLines.Line;

/** Makes the lines about facts from peers. */
final class ToldLines {
    private ToldLines() {}

    /** An entry of a peer's ledger: {@code {"line": …}}, the line as it is on disk, which JSON need not preserve. */
    static Line of(Entry entry) {
        return line(entry.kind(), entry.subject(), new JsonObject().put("line", entry.line()));
    }

    /** A fact of a peer, in the form of {@code events --all-hosts}. */
    static Line of(Told told) {
        if (told instanceof Told.Live live) {
            Copy copy = live.copy();
            return line(
                    copy.kind(),
                    copy.subject(),
                    json(copy.time(), copy.host(), copy.kind(), copy.subject())
                            .put("data", copy.data())
                            .put("epoch", copy.epoch())
                            .put("seq", copy.sequence()));
        }
        if (told instanceof Told.Filled filled) {
            Entry entry = filled.entry();
            return line(
                    entry.kind(),
                    entry.subject(),
                    json(entry.time(), entry.host(), entry.kind(), entry.subject())
                            .put("data", new JsonObject(entry.data()))
                            .put("height", entry.height()));
        }
        Told.Missed missed = (Told.Missed) told;
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
                                        .put("epoch", missed.epoch())
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
