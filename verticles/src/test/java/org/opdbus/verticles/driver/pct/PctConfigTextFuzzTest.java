// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.driver.pct;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/** Any content of Proxmox VE's configuration of a container can be read. */
final class PctConfigTextFuzzTest {
    @FuzzTest
    void text(byte[] bytes) {
        PctConfigText config = PctConfigText.of(new String(bytes, StandardCharsets.UTF_8));
        assertThat(config.parts("net0")).isNotNull();
        assertThat(PctSettings.read(config)).isNotNull();
        assertThat(PctSettings.bridge(config)).isNotNull();
        assertThat(PctSettings.isFirewalled(config)).isIn(true, false);
    }
}
