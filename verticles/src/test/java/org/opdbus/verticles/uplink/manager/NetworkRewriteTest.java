// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.manager;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkRewriteTest {
    private static final String PATH = "/etc/systemd/network/20-lan.network";

    private static NetworkRewrite rewrite(String text) {
        return new NetworkRewrite(NetworkFile.parse(PATH, text), "eno1", "vmbr0");
    }

    @Test
    void the_bridge_gets_everything_but_what_the_link_was_recognised_by() {
        NetworkRewrite rewrite = rewrite("""
                # The office.
                [Match]
                MACAddress=52:54:00:12:34:56

                [Link]
                MTUBytes=9000
                MACAddress=02:00:00:00:00:01
                RequiredForOnline=routable

                [Network]
                DHCP=yes
                ; a remark

                [Address]
                Address=192.0.2.11/24
                [Address]
                Address=2001:db8::11/64

                [RoutingPolicyRule]
                IncomingInterface=eno1
                Table=100
                """);
        assertThat(rewrite.reasons()).isEmpty();
        assertThat(rewrite.forBridge(PATH, Optional.of(0x5f6daaa8L))).endsWith("""
                        [Match]
                        Name=vmbr0

                        [Link]
                        MTUBytes=9000
                        RequiredForOnline=routable
                        [Network]
                        DHCP=yes
                        ; a remark

                        [Address]
                        Address=192.0.2.11/24
                        [Address]
                        Address=2001:db8::11/64

                        [RoutingPolicyRule]
                        IncomingInterface=vmbr0
                        Table=100

                        [DHCPv4]
                        IAID=1601022632

                        [DHCPv6]
                        IAID=1601022632
                        """);
        assertThat(rewrite.forLink())
                .contains("Name=eno1\n", "MTUBytes=9000\nMACAddress=02:00:00:00:00:01\n", "LinkLocalAddressing=no\n")
                .doesNotContain("192.0.2.11", "DHCP=yes", "routable");
        assertThat(rewrite.forLinkWithAddresses())
                .contains("Name=eno1\n", "IncomingInterface=eno1\n", "DHCP=yes\n", "MACAddress=02:00:00:00:00:01\n")
                .endsWith("[Network]\nKeepConfiguration=yes\n");
    }

    @Test
    void an_identifier_that_the_file_sets_counts() {
        assertThat(rewrite("[Match]\nName=eno1\n[Network]\nDHCP=ipv4\n[DHCPv4]\nIAID=7")
                        .forBridge(PATH, Optional.of(9L)))
                .contains("[DHCPv4]\nIAID=7\n")
                .doesNotContain("[DHCPv4]\nIAID=9")
                .contains("[DHCPv6]\nIAID=9");
    }

    @Test
    void drop_ins_come_after_the_file() {
        NetworkFile file = NetworkFile.parse(PATH, "[Match]\nName=eno1\n[Network]\nDHCP=yes\n")
                .with(NetworkFile.parse(PATH + ".d/a.conf", "[Network]\nDHCP=no\nAddress=192.0.2.10/24\n"));
        assertThat(new NetworkRewrite(file, "eno1", "vmbr0").forBridge(PATH, Optional.empty()))
                .endsWith("[Network]\nDHCP=yes\n[Network]\nDHCP=no\nAddress=192.0.2.10/24\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[Network]\nVLAN=eno1.5",
                "[Network]\nBridge=br7",
                "[Network]\nBond=bond0",
                "[Network]\nMACVLAN=mac0",
                "[IPv6AcceptRA]\nToken=prefixstable",
                "[Network]\nIPv6LinkLocalAddressGenerationMode=stable-privacy",
                "[DHCPPrefixDelegation]\nUplinkInterface=eno1",
                "[Link]\nUnmanaged=yes",
                "[TokenBucketFilter]\nRate=1M",
                "[SomethingNew]\nA=b"
            })
    void what_is_not_certain_is_refused_with_its_line(String more) {
        assertThat(rewrite("[Match]\nName=eno1\n" + more + "\n").reasons())
                .singleElement()
                .satisfies(reason -> assertThat(reason.why()).startsWith(PATH + ":"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[", "[]", "[Match", "=", "a=b\\", "[Network]\n\\\n", "[Network]\nA=b \\\n  c\n"})
    void any_text_can_be_taken_apart(String text) {
        NetworkRewrite rewrite = rewrite(text);
        rewrite.reasons();
        assertThat(rewrite.forBridge(PATH, Optional.empty())).contains("Name=vmbr0\n");
    }
}
