// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.machine;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.driver.engine.EngineException;
import org.opdbus.verticles.driver.engine.EngineReply;

/** Whatever Docker answers a lab is read, or refused as a whole, and what it says is one line. */
final class DockerAnswersFuzzTest {
    private static final int MESSAGE_LENGTH_MAX = 300;

    @FuzzTest
    void container(byte[] bytes) {
        read(bytes, json -> assertThat(DockerContainer.read(json).id()).matches("[0-9a-f]{64}"));
    }

    @FuzzTest
    void message(byte[] bytes) {
        read(bytes, json -> {
            String message = new EngineReply(500, json).message();
            assertThat(message.codePointCount(0, message.length())).isBetween(1, MESSAGE_LENGTH_MAX);
            assertThat(message).doesNotContainPattern("[\\p{Cc}\\p{Cf}\\p{Cs}]");
        });
    }

    @Test
    void a_container_is_read_as_docker_describes_it() {
        String id = "0f".repeat(32);
        JsonObject answer = new JsonObject()
                .put("Id", id)
                .put("State", new JsonObject("{\"Status\":\"running\",\"Running\":true,\"Pid\":42,\"ExitCode\":0}"))
                .put(
                        "Config",
                        new JsonObject("{\"Image\":\"debian:12\",\"Labels\":"
                                + "{\"opdbus.lab\":\"nemo\",\"opdbus.lab.item\":\"web\"}}"));
        assertThat(DockerContainer.read(answer))
                .isEqualTo(new DockerContainer(id, "nemo", "web", "debian:12", "running", 42, 0));
        assertThat(DockerContainer.read(new JsonObject().put("Id", id)).isOf("nemo", "web"))
                .isFalse();
    }

    @Test
    void a_message_is_one_line() {
        JsonObject said = new JsonObject().put("message", " no\nsuch\u202e \u001b[31mimage ");
        assertThat(new EngineReply(404, said).message()).isEqualTo("no such   [31mimage");
        assertThat(new EngineReply(500, new JsonObject()).message()).isEqualTo("status 500");
    }

    private static void read(byte[] bytes, Consumer<JsonObject> reading) {
        try {
            reading.accept(new JsonObject(new String(bytes, StandardCharsets.UTF_8)));
        } catch (DecodeException | ClassCastException noObject) {
            // The connection refuses these before they get here.
        } catch (EngineException refused) {
            assertThat(refused).hasMessageNotContaining("\n");
        }
    }
}
