// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import org.junit.jupiter.api.Test;

class PrivateOvsIT {
    @Test
    void a_bridge_is_there_until_the_database_is_wiped() {
        try (PrivateOvs ovs = new PrivateOvs().start()) {
            ovs.addBridge("br0");
            assertThat(ovs.vsctl("list-br")).isEqualTo("br0");
            assertThat(ovs.vsctl("get", "Interface", "br0", "ofport")).isEqualTo("65534");

            ovs.killDatabase();
            ovs.startDatabase();
            assertThat(ovs.vsctl("list-br")).isEqualTo("br0");

            ovs.killSwitch();
            ovs.startSwitch();
            eventually(() ->
                    assertThat(ovs.vsctl("get", "Interface", "br0", "ofport")).isEqualTo("65534"));

            ovs.killDatabase();
            ovs.wipeDatabase();
            ovs.startDatabase();
            assertThat(ovs.vsctl("list-br")).isEmpty();
        }
    }
}
