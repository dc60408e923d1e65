// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A line of mountinfo is about a path or it is not. */
final class MountTableTest {
    private static final String LINE =
            "91 136 0:54 / /run/my\\040files ro,nosuid shared:7 master:3 - fuse.op-dbus op-dbus rw,user_id=0";

    @Test
    void a_mount_is_found_by_its_path() {
        assertThat(MountTable.parse(LINE, "/run/my files")).contains(new MountTable.Mount(91, "0:54", "fuse.op-dbus"));
        assertThat(MountTable.parse(LINE, "/run/my")).isEmpty();
    }

    @Test
    void what_is_no_line_is_no_mount() {
        assertThat(MountTable.parse("", "")).isEmpty();
        assertThat(MountTable.parse("x 1 0:1 / /a rw - type source", "/a")).isEmpty();
        assertThat(MountTable.parse("1 1 0:1 / /a rw -", "/a")).isEmpty();
    }
}
