// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.proxmox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.opdbus.events.ProxmoxEvent.ProxmoxNet;
import org.opdbus.verticles.proxmox.ConfigurationParser.MalformedException;

class ConfigurationParserTest {
    @Test
    void each_device_is_read_whole() throws MalformedException {
        List<ProxmoxNet> nets = ConfigurationParser.parse("""
                arch: amd64
                net0: name=eth0,bridge=vmbr0,firewall=1,hwaddr=BC:24:11:00:00:65,ip=dhcp,mtu=1400,rate=2.5,tag=10,trunks=20;30-32,type=veth
                net12: name=eth1,link_down=1,type=veth
                """);
        assertThat(nets)
                .containsExactly(
                        new ProxmoxNet(
                                0,
                                Optional.of("vmbr0"),
                                Optional.of("bc:24:11:00:00:65"),
                                Optional.of(10),
                                Set.of(20, 30, 31, 32),
                                true,
                                false,
                                Optional.of(1400),
                                Optional.of(2_621_440L)),
                        new ProxmoxNet(
                                12,
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Set.of(),
                                false,
                                true,
                                Optional.empty(),
                                Optional.empty()));
        assertThat(nets.get(0).vlanMode()).contains("native-untagged");
        assertThat(nets.get(1).vlanMode()).isEmpty();
    }

    @Test
    void snapshots_pending_changes_and_descriptions_do_not_count() throws MalformedException {
        List<ProxmoxNet> nets = ConfigurationParser.parse("""
                #net0%3A name=eth0,bridge=vmbr7
                net0: name=eth0,bridge=vmbr0,type=veth

                [pve:pending]
                net0: name=eth0,bridge=vmbr1,firewall=1,type=veth

                [before]
                net0: name=eth0,bridge=vmbr2,type=veth
                net1: name=eth1,bridge=vmbr2,type=veth
                """);
        assertThat(nets).singleElement().satisfies(net -> {
            assertThat(net.bridge()).contains("vmbr0");
            assertThat(net.firewall()).isFalse();
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tag=0",
                "tag=4095",
                "tag=x",
                "tag=",
                "trunks=10;",
                "trunks=30-20",
                "trunks=1-99999",
                "firewall=maybe",
                "link_down=2",
                "mtu=1",
                "rate=-1",
                "rate=1e9",
                "rate=99999999"
            })
    void what_makes_no_sense_is_said_and_not_guessed(String part) {
        assertThatThrownBy(() -> ConfigurationParser.parse("net3: name=eth0,bridge=vmbr0," + part + "\n"))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("net3 has " + part.substring(0, part.indexOf('=')));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "on", "yes", "true", "True"})
    void proxmox_writes_truth_in_several_ways(String value) throws MalformedException {
        assertThat(ConfigurationParser.parse("net0: name=eth0,firewall=" + value)
                        .get(0)
                        .firewall())
                .isTrue();
    }
}
