// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.introspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResolverFileTest {
    @TempDir
    Path folder;

    @Test
    void servers_domains_and_options_are_read_as_the_resolver_reads_them() {
        ResolverFile file = ResolverFile.parse(Optional.empty(), """
                # nameserver 192.0.2.9
                ; nameserver 192.0.2.8
                nameserver 192.0.2.1 # the rest of the line is ignored
                nameserver\t2001:db8::1
                domain old.example
                search example.org example.net
                options edns0 trust-ad
                nameserver
                unknown word
                """);

        assertThat(file.nameservers()).containsExactly("192.0.2.1", "2001:db8::1");
        assertThat(file.search()).containsExactly("example.org", "example.net");
        assertThat(file.options()).containsExactly("edns0", "trust-ad");
    }

    @Test
    void a_symbolic_link_is_followed_and_told() throws IOException {
        Path target = Files.writeString(folder.resolve("stub"), "nameserver 127.0.0.53\n");
        Path link = Files.createSymbolicLink(folder.resolve("resolv.conf"), target);

        ResolverFile file = ResolverFile.read(link);

        assertThat(file.target()).contains(target.toString());
        assertThat(file.nameservers()).containsExactly("127.0.0.53");
    }

    @Test
    void a_file_that_is_absent_or_that_a_link_misses_has_no_servers() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("resolv.conf"), Path.of("../run/nothing"));

        assertThat(ResolverFile.read(folder.resolve("absent"))).isEqualTo(ResolverFile.NONE);
        assertThat(ResolverFile.read(link).target()).contains("../run/nothing");
        assertThat(ResolverFile.read(link).nameservers()).isEmpty();
    }

    @Test
    void a_file_is_read_up_to_a_limit() throws IOException {
        Path file = Files.writeString(folder.resolve("resolv.conf"), "options x\n".repeat(10_000));

        assertThatThrownBy(() -> ResolverFile.read(file)).isInstanceOf(IOException.class);
        assertThat(ResolverFile.parse(Optional.empty(), "options x\n".repeat(10_000))
                        .options())
                .hasSize(256);
    }
}
