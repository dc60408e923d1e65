// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.proxmox;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import org.opdbus.verticles.proxmox.ConfigurationParser.MalformedException;

/** Whatever the network devices of a file in /etc/pve/lxc hold is read, or refused with the name of the device. */
final class ConfigurationFuzzTest {
    @FuzzTest
    void devices(byte[] bytes) {
        try {
            assertThat(ConfigurationParser.parse(new String(bytes, StandardCharsets.UTF_8)))
                    .doesNotContainNull();
        } catch (MalformedException refused) {
            assertThat(refused).hasMessageContaining("net");
        }
    }
}
