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
import org.opdbus.events.ContainerId.Kind;
import org.opdbus.events.ProxmoxEvent.ProxmoxNet;
import org.opdbus.verticles.proxmox.ConfigurationParser.MalformedException;

class ConfigurationParserTest {
    @Test
    void each_device_is_read_whole() throws MalformedException {
        List<ProxmoxNet> nets = parse("""
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
        List<ProxmoxNet> nets = parse("""
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
        assertThatThrownBy(() -> parse("net3: name=eth0,bridge=vmbr0," + part + "\n"))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("net3 has " + part.substring(0, part.indexOf('=')));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "on", "yes", "true", "True"})
    void proxmox_writes_truth_in_several_ways(String value) throws MalformedException {
        assertThat(parse("net0: name=eth0,firewall=" + value).get(0).firewall()).isTrue();
    }

    @Test
    void a_device_of_a_machine_has_its_address_behind_its_model() throws MalformedException {
        List<ProxmoxNet> nets = ConfigurationParser.parse("""
                net0: virtio=BC:24:11:00:00:65,bridge=vmbr0,firewall=0,mtu=1,queues=4,tag=10
                net1: e1000=BC:24:11:00:00:66,bridge=vmbr1,link_down=1,mtu=1400
                """, Kind.VM);
        assertThat(nets)
                .extracting(ProxmoxNet::mac)
                .containsExactly(Optional.of("bc:24:11:00:00:65"), Optional.of("bc:24:11:00:00:66"));
        assertThat(nets)
                .extracting(ProxmoxNet::mtu)
                .as("1 stands for the MTU of the bridge")
                .containsExactly(Optional.empty(), Optional.of(1400));
        assertThat(nets.get(0).tag()).contains(10);
        assertThat(nets.get(1).linkDown()).isTrue();
    }

    private static List<ProxmoxNet> parse(String text) throws MalformedException {
        return ConfigurationParser.parse(text, Kind.LXC);
    }
}
