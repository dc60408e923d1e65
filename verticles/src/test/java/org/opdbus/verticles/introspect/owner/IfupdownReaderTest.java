// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.introspect.owner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.verticles.files.HostFiles;

/** Stanzas of interfaces(5), in the files that ifupdown and ifupdown2 read. */
final class IfupdownReaderTest {
    @TempDir
    Path folder;

    private OwnersRoot root;

    @BeforeEach
    void makeTheHost() throws IOException {
        root = new OwnersRoot(folder).file("/sbin/ifup", "").file("/run/network/.lock", "");
    }

    private Ownership read() {
        return root.read(new IfupdownReader(root.files()));
    }

    @Test
    void a_stanza_is_the_evidence() throws IOException {
        root.links("lo", "eth0", "eth1").file("/etc/network/interfaces", """
                # The loopback network interface
                auto lo
                iface lo inet loopback

                allow-hotplug eth0
                iface eth0 inet dhcp
                iface eth0 inet6 auto
                """);

        Ownership found = read();
        assertThat(found.of("eth0"))
                .containsExactly(new Claim(
                        "eth0",
                        Owner.IFUPDOWN,
                        "iface eth0 inet dhcp; iface eth0 inet6 auto",
                        "/etc/network/interfaces:6"));
        assertThat(found.of("lo")).hasSize(1);
        assertThat(found.of("eth1")).isEmpty();
        assertThat(found.troubles()).isEmpty();
    }

    @Test
    void without_the_program_a_file_is_no_evidence() throws IOException {
        OwnersRoot bare = new OwnersRoot(folder.resolve("bare"))
                .links("eth0")
                .file("/run/network/.lock", "")
                .file("/etc/network/interfaces", "iface eth0 inet dhcp\n");

        assertThat(bare.read(new IfupdownReader(bare.files())).byName()).isEmpty();
    }

    @Test
    void a_file_that_was_never_carried_out_is_no_evidence() throws IOException {
        Files.delete(folder.resolve("run/network/.lock"));
        root.links("lo").file("/etc/network/interfaces", "auto lo\niface lo inet loopback\n");

        assertThat(read().byName()).isEmpty();
    }

    @Test
    void included_files_are_read_as_the_manual_says() throws IOException {
        root.links("a", "b", "c", "d", "hidden", "e", "f")
                .file("/etc/network/interfaces", """
                        source interfaces.d/*
                        source-directory more
                        source /etc/network/one /etc/network/loop
                        source none/*
                        source missing
                        iface a inet manual
                        """)
                .file("/etc/network/interfaces.d/b.conf", "iface b inet manual\n")
                .file("/etc/network/interfaces.d/.hidden", "iface hidden inet manual\n")
                .file("/etc/network/more/c", "iface c inet manual\n")
                .file("/etc/network/more/d.bak", "iface d inet manual\n")
                .file("/etc/network/one", "iface e inet manual\n")
                .file("/etc/network/loop", "source interfaces loop\n")
                .file("/srv/f", "iface f inet manual\n")
                .link("/etc/network/interfaces.d/f", folder.resolve("srv/f").toString());

        Ownership found = read();
        assertThat(found.byName()).containsOnlyKeys("a", "b", "c", "e", "f");
        assertThat(found.of("b").get(0).evidence()).isEqualTo("/etc/network/interfaces.d/b.conf:1");
        assertThat(found.troubles()).isEmpty();
    }

    @Test
    void lines_are_continued_and_labels_belong_to_their_link() throws IOException {
        root.links("br0", "eth1", "eth2", "eth0").file("/etc/network/interfaces", """
                iface br0 inet static
                    address 192.0.2.1/24
                    bridge_ports eth1 \\
                        eth2 none
                # iface eth1 inet manual \\
                iface eth0:1 inet static
                    address 192.0.2.2/24
                """);

        Ownership found = read();
        assertThat(found.of("eth2"))
                .containsExactly(new Claim("eth2", Owner.IFUPDOWN, "part of br0", "/etc/network/interfaces:1"));
        assertThat(found.of("eth1")).hasSize(1);
        assertThat(found.of("eth0").get(0).what()).isEqualTo("iface eth0:1 inet static");
    }

    @Test
    void what_ifupdown_has_brought_up_tells_logical_names_and_what_is_down() throws IOException {
        root.links("eth0", "eth1").file("/etc/network/interfaces", """
                        mapping eth0
                            script /usr/local/bin/where
                        iface home inet dhcp
                        iface eth1 inet dhcp
                        """).file("/run/network/ifstate", "eth0=home\n");

        Ownership found = read();
        assertThat(found.of("eth0").get(0).what()).isEqualTo("iface home inet dhcp");
        assertThat(found.of("eth1").get(0).what()).isEqualTo("iface eth1 inet dhcp, not brought up");
    }

    @Test
    void on_proxmox_its_author_comes_first() throws IOException {
        root.links("lo", "eno1", "vmbr0", "other")
                .file("/usr/share/perl5/PVE/INotify.pm", "")
                .file("/usr/share/ifupdown2/start", "")
                .file("/etc/network/interfaces", """
                        # network interface settings; autogenerated
                        # Please do NOT modify this file directly, unless you know what
                        # you're doing.

                        auto lo
                        iface lo inet loopback

                        iface eno1 inet manual

                        auto vmbr0
                        iface vmbr0 inet static
                        \taddress 192.0.2.10/24
                        \tgateway 192.0.2.1
                        \tbridge-ports eno1
                        \tbridge-stp off
                        \tbridge-fd 0

                        source /etc/network/interfaces.d/*
                        """)
                .file("/etc/network/interfaces.d/mine", "iface other inet manual\n");

        Ownership found = read();
        assertThat(found.of("vmbr0"))
                .extracting(Claim::owner, Claim::evidence)
                .containsExactly(
                        tuple(Owner.PROXMOX, "/etc/network/interfaces:11"),
                        tuple(Owner.IFUPDOWN, "/etc/network/interfaces:11"));
        assertThat(found.of("eno1")).extracting(Claim::owner).startsWith(Owner.PROXMOX);
        assertThat(found.of("other")).extracting(Claim::owner).containsExactly(Owner.IFUPDOWN);
    }

    @Test
    void a_file_that_cannot_be_read_is_told_and_the_others_count() throws IOException {
        root.links("a").file("/etc/network/interfaces", "source interfaces.d/long\niface a inet manual\n");
        root.file("/etc/network/interfaces.d/long", "#".repeat(HostFiles.BYTES_MAX + 1));

        Ownership found = read();
        assertThat(found.of("a")).hasSize(1);
        assertThat(found.troubles()).singleElement().asString().contains("interfaces.d/long", "bytes");
    }

    @Test
    void wildcards_that_make_no_sense_or_take_long_are_told() throws IOException {
        root.links("a").file("/etc/network/interfaces", """
                iface a inet manual
                source interfaces.d/[z
                """);
        assertThat(read().troubles()).singleElement().asString().contains("[z");

        root.file("/etc/network/interfaces", "iface a inet manual\nsource " + "*a".repeat(100) + "\n");
        Ownership found = read();
        assertThat(found.troubles()).singleElement().asString().contains("wildcards");
        assertThat(found.of("a")).hasSize(1);
    }
}
