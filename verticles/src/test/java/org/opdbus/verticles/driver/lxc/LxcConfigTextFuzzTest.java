// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.driver.lxc;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;

/**
 * Any content of a container's configuration can be read, and what the agent does not set stays unchanged byte for
 * byte.
 */
final class LxcConfigTextFuzzTest {
    @FuzzTest
    void text(byte[] bytes) {
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
    void properties(byte[] bytes) {
        LxcConfigText config = LxcConfigText.of(bytes);
        for (CgroupLimits limits : CgroupLimits.values()) {
            assertThat(new LxcSettings(limits).read(config)).containsKey("unprivileged");
        }
    }
}
