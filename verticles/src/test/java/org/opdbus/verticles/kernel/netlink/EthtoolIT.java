// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.netlink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.Test;
import org.opdbus.events.LinkName;
import org.opdbus.verticles.kernel.netlink.NetlinkException.Reason;
import org.opdbus.verticles.testing.Links;

class EthtoolIT {
    @Test
    void transmit_checksum_offload_of_a_link_in_another_namespace_is_switched_off() {
        LinkName eth0 = new LinkName("eth0");
        Links.addNamespace("inner");
        Links.addVethInto("host0", "eth0", "inner");
        try (NetworkNamespace namespace = NetworkNamespace.at(Links.namespaceFile("inner"));
                RtNetlink inside = RtNetlink.open(namespace);
                RtNetlink here = RtNetlink.open()) {
            assertThat(Ethtool.transmitChecksum(inside, eth0)).isTrue();

            Ethtool.disableTransmitChecksum(inside, eth0);
            Ethtool.disableTransmitChecksum(inside, eth0);

            assertThat(Ethtool.transmitChecksum(inside, eth0)).isFalse();
            assertThat(Ethtool.transmitChecksum(here, new LinkName("host0"))).isTrue();
            assertThatExceptionOfType(NetlinkException.class)
                    .isThrownBy(() -> Ethtool.disableTransmitChecksum(here, eth0))
                    .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.NO_SUCH_LINK))
                    .withMessageContaining("eth0");
        }
    }
}
