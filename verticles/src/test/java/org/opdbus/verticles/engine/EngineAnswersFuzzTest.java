// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.opdbus.events.ContainerId.Kind;
import org.opdbus.events.Workload.EngineContainer;
import org.opdbus.verticles.driver.engine.EngineException;
import org.opdbus.verticles.driver.engine.EngineVersion;

/** Whatever an engine answers or says is read, or refused as a whole; a label is read, or said to be wrong. */
final class EngineAnswersFuzzTest {
    private final EngineReader reader = new EngineReader(Kind.DOCKER);

    @FuzzTest
    void container(byte[] bytes) {
        read(
                bytes,
                json -> bounded(reader.inspected(String.valueOf(json.getValue("Id")), json)
                        .container()));
    }

    @FuzzTest
    void listed(byte[] bytes) {
        read(bytes, json -> bounded(reader.listed(json).container()));
    }

    @FuzzTest
    void version(byte[] bytes) {
        read(bytes, json -> assertThat(EngineVersion.agreed(json, 47)).isBetween(0, 999));
    }

    @FuzzTest
    void events(byte[] bytes) {
        try {
            EventLines lines =
                    new EventLines(line -> reader.event(line).ifPresent(event -> bounded(event.container())));
            lines.take(Buffer.buffer(bytes), 0);
        } catch (EngineException refused) {
            assertThat(refused).hasMessageNotContaining("\n");
        }
    }

    /** Lines of keys and values by turns. */
    @FuzzTest
    void labels(byte[] bytes) {
        String[] lines = new String(bytes, StandardCharsets.UTF_8).split("\n", -1);
        Map<String, String> labels = new HashMap<>();
        for (int i = 0; i + 1 < lines.length; i += 2) {
            labels.put(lines[i], lines[i + 1]);
        }
        assertThat(EngineLabels.read(labels, lines[0], lines[lines.length - 1]).faults())
                .hasSizeLessThan(25);
    }

    private static void read(byte[] bytes, Consumer<JsonObject> reading) {
        try {
            reading.accept(new JsonObject(new String(bytes, StandardCharsets.UTF_8)));
        } catch (DecodeException | ClassCastException noObject) {
            // The client refuses these before they get here.
        } catch (EngineException refused) {
            assertThat(refused).hasMessageNotContaining("\n");
        }
    }

    private static void bounded(EngineContainer container) {
        assertThat(container.name()).hasSizeLessThanOrEqualTo(EngineLimits.TEXT_LENGTH_MAX);
        assertThat(container.image()).hasSizeLessThanOrEqualTo(EngineLimits.TEXT_LENGTH_MAX);
        assertThat(container.network()).hasSizeLessThanOrEqualTo(EngineLimits.TEXT_LENGTH_MAX);
    }
}
