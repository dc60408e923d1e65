// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

/** Any text has one path, from which it can be read again. */
final class ObjectPathTest {
    private static final ObjectPath FOLDER = new ObjectPath("/org/opdbus/container");

    @Test
    void escapesAsSystemdDoes() {
        assertThat(FOLDER.child("web-1.example").value()).isEqualTo("/org/opdbus/container/web_2d1_2eexample");
        assertThat(FOLDER.child("100").value()).isEqualTo("/org/opdbus/container/_3100");
        assertThat(FOLDER.child("docker:3f2a").value()).isEqualTo("/org/opdbus/container/docker_3a3f2a");
        assertThat(FOLDER.child("").value()).isEqualTo("/org/opdbus/container/_");
        assertThat(FOLDER.child("\u00fc_").value()).isEqualTo("/org/opdbus/container/_c3_bc_5f");
    }

    @Test
    void readsEveryByteAgain() {
        for (int code = 1; code < 0x250; code++) {
            String text = "a" + (char) code + "1";
            assertThat(FOLDER.child(text).textBelow(FOLDER)).contains(text);
            assertThat(FOLDER.child((char) code + "").textBelow(FOLDER)).contains((char) code + "");
        }
    }

    @Test
    void hasOnePathForOneTextOnly() {
        for (String other : List.of("_61", "a_3", "_3", "_zz", "_3A", "_ff")) {
            assertThat(new ObjectPath(FOLDER + "/" + other).textBelow(FOLDER))
                    .as(other)
                    .isEmpty();
        }
        assertThat(new ObjectPath(FOLDER + "/a/b").textBelow(FOLDER)).isEmpty();
        assertThat(FOLDER.textBelow(FOLDER)).isEmpty();
    }

    @Test
    void refusesWhatIsNoPath() {
        for (String wrong : List.of("", "a", "/a/", "//", "/a//b", "/a-b", "/\u00e9", "/a b")) {
            assertThatThrownBy(() -> new ObjectPath(wrong)).as(wrong).isInstanceOf(MalformedMessageException.class);
        }
        assertThat(new ObjectPath("/").child("a").value()).isEqualTo("/a");
    }
}
