// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.driver;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/** Whatever stands in a container's configuration: it is read, and what the agent does not set stays byte for byte. */
final class ConfigTextFuzzTest {
    @FuzzTest
    void lxc(byte[] bytes) {
        LxcConfigText config = LxcConfigText.of(bytes);
        assertThat(config.toBytes()).isEqualTo(bytes);
        assertThat(config.values("lxc.net.0.link")).doesNotContainNull();
        assertThat(config.note("owner")).isNotNull();
        config.set("lxc.net.0.link", "vmbr0");
        config.setNote("owner", "value");
        assertThat(config.value("lxc.net.0.link")).contains("vmbr0");
        assertThat(LxcConfigText.of(config.toBytes()).value("lxc.net.0.link")).contains("vmbr0");
        assertThat(LxcConfigText.of(config.toBytes()).note("owner")).contains("value");
        config.remove("lxc.net.0.link");
        assertThat(config.value("lxc.net.0.link")).isEmpty();
    }

    @FuzzTest
    void pct(byte[] bytes) {
        PctConfigText config = PctConfigText.of(new String(bytes, StandardCharsets.UTF_8));
        assertThat(config.parts("net0")).isNotNull();
        assertThat(PctSettings.read(config)).isNotNull();
        assertThat(PctSettings.bridge(config)).isNotNull();
        assertThat(PctSettings.isFirewalled(config)).isIn(true, false);
    }
}
