// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import org.opdbus.verticles.enroll.netmaker.server.ApiClient.Answer;

/** Any body that a Netmaker server, or a proxy in front of it, answers with says something or nothing. */
final class ServerAnswersFuzzTest {
    @FuzzTest
    void body(byte[] bytes) {
        String body = new String(bytes, StandardCharsets.UTF_8);
        for (int code : new int[] {200, 404, 500}) {
            Answer answer = new Answer(code, body);
            assertThat(ServerAnswers.message(answer)).isNotNull();
            assertThat(ServerAnswers.node(answer, "mesh")).isNotNull();
            assertThat(ServerAnswers.nodesOfHost(answer)).isNotNull();
            assertThat(ServerAnswers.networks(answer)).isNotNull();
            assertThat(ServerAnswers.pass(answer).orElse("")).matches("[\\x21-\\x7e]*");
        }
    }
}
