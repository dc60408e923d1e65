// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lxc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.opdbus.events.ContainerId;

class CommandNameTest {
    @Test
    void a_name_is_the_path_the_container_and_command() {
        assertThat(CommandName.of("/var/lib/lxc", "100")).isEqualTo("/var/lib/lxc/100/command");
    }

    @Test
    void a_name_that_is_too_long_is_hashed_by_fnv_1a() {
        String path = "/" + "p".repeat(94);
        assertThat(CommandName.of(path, "a")).isEqualTo(path + "/a/command").hasSize(105);
        assertThat(CommandName.of(path, "ab")).matches("lxc/[0-9a-f]{16}/command");
    }

    @Test
    void only_listening_command_sockets_are_read_from_the_kernels_list() {
        String table = """
                Num       RefCount Protocol Flags    Type St Inode Path
                00000000c933f55e: 00000002 00000000 00010000 0001 01 36082 @/tmp/lxc/t 1/command
                00000000c933f55f: 00000003 00000000 00000000 0001 03 36083 @/tmp/lxc/t2/command
                00000000c933f560: 00000002 00000000 00010000 0001 01 36084 /run/command
                00000000c933f561: 00000002 00000000 00010000 0001 01 36085
                00000000c933f562: 00000002 00000000 00010000 0001 01 36086 @lxc/0123456789abcdef/command
                """;
        assertThat(ListeningSockets.parse(table.lines()).keySet())
                .containsExactly("/tmp/lxc/t 1/command", "lxc/0123456789abcdef/command");
    }

    @Test
    void a_socket_belongs_to_a_container_of_this_path_or_to_none() {
        SocketOwners owners = new SocketOwners("/nowhere/lxc");
        String longName = "n".repeat(100);
        owners.define(Set.of(new ContainerId(longName)));
        String hashed = CommandName.of("/nowhere/lxc", longName);

        assertThat(owners.owned(Set.of(
                        "/nowhere/lxc/one/command",
                        "/nowhere/lxc2/two/command",
                        "/nowhere/three/command",
                        "/command",
                        "x/command",
                        hashed)))
                .containsOnlyKeys(new ContainerId("one"), new ContainerId(longName));
    }
}
