// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.proxmox;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.opdbus.events.ContainerId.Kind;
import org.opdbus.verticles.proxmox.ConfigurationParser.MalformedException;

/** Whatever the network devices of a file in /etc/pve/lxc or /etc/pve/qemu-server hold is read, or refused with the name of the device. */
final class ConfigurationFuzzTest {
    @FuzzTest
    void devices(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        for (Kind kind : List.of(Kind.LXC, Kind.VM)) {
            try {
                assertThat(ConfigurationParser.parse(text, kind)).doesNotContainNull();
            } catch (MalformedException refused) {
                assertThat(refused).hasMessageContaining("net");
            }
        }
    }
}
