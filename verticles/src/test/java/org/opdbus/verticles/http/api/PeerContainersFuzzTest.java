// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/** Any text that a peer can send about a container. */
final class PeerContainersFuzzTest {
    @FuzzTest
    void container(byte[] bytes) {
        PeerContainers.read("b", new String(bytes, StandardCharsets.UTF_8))
                .ifPresent(json -> assertThat(json.getString("key")).isEqualTo("b/" + json.getString("id")));
    }
}
