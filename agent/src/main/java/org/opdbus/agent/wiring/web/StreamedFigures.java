// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.wiring.web;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.TreeMap;
import org.opdbus.verticles.metrics.Summary;

/** The numbers about the agent that readers of the stream get; docs/API.md describes them. */
final class StreamedFigures {
    private StreamedFigures() {}

    static JsonObject of(Summary summary) {
        Runtime memory = Runtime.getRuntime();
        return new JsonObject()
                .put("time", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString())
                .put("facts", summary.facts())
                .put("enrolled", summary.enrolled())
                .put("refused", summary.refused())
                .put(
                        "enrolmentMs",
                        new JsonObject()
                                .put("count", summary.enrolments().count())
                                .put("total", summary.enrolments().totalMs())
                                .put("max", summary.enrolments().maxMs()))
                .put("queues", new JsonObject(new TreeMap<String, Object>(summary.queues())))
                .put(
                        "heapBytes",
                        new JsonObject()
                                .put("used", memory.totalMemory() - memory.freeMemory())
                                .put("committed", memory.totalMemory())
                                .put("max", memory.maxMemory()));
    }
}
