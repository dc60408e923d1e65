// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.doctor.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.opdbus.agent.doctor.host.EngineAnswer.State;

class EngineAnswerTest {
    @Test
    void a_socket_that_is_not_there_is_no_engine() {
        assertThat(EngineAnswer.of(Path.of("/nonexistent/docker.sock")).state()).isEqualTo(State.ABSENT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "HTTP/1.0 200 OK",
                "HTTP/1.0 500 Internal Server Error\r\n\r\n{}",
                "HTTP/2 200 \r\n\r\n{\"ApiVersion\":\"1.41\"}",
                "HTTP/1.1 200 OK\r\n\r\n",
                "HTTP/1.1 200 OK\r\n\r\n[]",
                "HTTP/1.1 200 OK\r\n\r\n{\"ApiVersion\":41}",
                "HTTP/1.1 200 OK\r\n\r\n{\"ApiVersion\":null}",
                "HTTP/1.1 200 OK\r\n\r\n{\"ApiVersion\":\"1.99999\"}",
                "HTTP/1.1 200 OK\r\n\r\n{\"ApiVersion\":\"2.0\"}"
            })
    void what_names_no_version_is_no_answer(String text) {
        EngineAnswer answer = EngineAnswer.read(text);
        assertThat(answer.state()).isEqualTo(State.SILENT);
        assertThat(answer.failure()).isNotEmpty();
    }

    @Test
    void the_versions_are_read() {
        EngineAnswer answer = EngineAnswer.read("HTTP/1.1 200 OK\r\nServer: Docker\r\n\r\n"
                + "{\"ApiVersion\":\"1.41\",\"MinAPIVersion\":\"1.24\",\"Components\":[{}]}");
        assertThat(answer).isEqualTo(new EngineAnswer(State.ANSWERED, "", 24, 41));
    }
}
