// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.web;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.opdbus.ledger.Draft;
import org.opdbus.ledger.LedgerOptions;
import org.opdbus.ledger.write.FileLedger;
import org.opdbus.verticles.inventory.SyntheticHost.Shape;

/** A real ledger with what could have happened on a synthetic host, at times that are always the same. */
final class DemoLedger {
    private DemoLedger() {}

    /** Writes it into this folder. */
    static Path write(Path folder, String host) {
        Instant[] now = {DemoNetwork.NOW.minus(Duration.ofMinutes(50))};
        try (FileLedger ledger = FileLedger.open(LedgerOptions.of(folder, host).withClock(() -> now[0]))) {
            for (Shape shape : DemoNetwork.alder()) {
                for (Draft draft : drafts(shape)) {
                    now[0] = now[0].plusSeconds(71);
                    ledger.append(draft).join();
                }
            }
        }
        return folder;
    }

    private static List<Draft> drafts(Shape shape) {
        String id = shape.workload().id().value();
        Draft started = new Draft(
                "container.started", id, Map.of("name", shape.workload().name()));
        return switch (shape.state()) {
            case STOPPED -> List.of(new Draft("container.stopped", id, Map.of()));
            case REFUSED ->
                List.of(
                        started,
                        new Draft(
                                "enrollment.refused",
                                id,
                                Map.of("reason", "name-taken", "details", shape.why(), "remedy", shape.remedy())));
            case ENROLLED, DRIFTED ->
                List.of(
                        started,
                        new Draft(
                                "container.enrolled",
                                id,
                                Map.of(
                                        "link",
                                        shape.linkName().value(),
                                        "bridge",
                                        shape.bridge(),
                                        "ofport",
                                        shape.number() + 1)));
            default -> List.of(started);
        };
    }
}
