// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.netmaker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.events.ContainerId;

class MeshRecordsTest {
    private static final MeshHost HOST =
            new MeshHost(new ContainerId("100"), "nm.test", "nm.test:443", "h1", "02:00:00:00:00:01", "own-password");

    @TempDir
    Path folder;

    @Test
    void what_is_left_behind_is_remembered_until_it_is_gone() throws Exception {
        Path records = folder.resolve("netmaker");
        MeshRecords first = MeshRecords.open(records);
        first.remember(HOST);
        first.abandon(HOST);
        first.noteKey("op-dbus-100-12345678");

        assertThat(MeshRecords.leftBehind(records))
                .containsExactly("host h1 (container 100) on nm.test", "enrolment key op-dbus-100-12345678");
        MeshRecords second = MeshRecords.open(records);
        assertThat(second.orphans()).containsExactly(HOST);
        second.forget(HOST);
        second.forgetKey("op-dbus-100-12345678");
        assertThat(MeshRecords.leftBehind(records)).isEmpty();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(records.resolve("hosts.json"))))
                .isEqualTo("rw-------");
    }

    @Test
    void asking_what_is_left_behind_changes_nothing() throws Exception {
        Path records = folder.resolve("netmaker");
        assertThat(NetmakerVerticle.leftBehind(records)).isEmpty();
        assertThat(records).doesNotExist();

        Files.createDirectory(records);
        Path file = Files.writeString(records.resolve("hosts.json"), "{\"orphans\": [{}]}");
        assertThatThrownBy(() -> NetmakerVerticle.leftBehind(records)).hasMessageContaining("is damaged");
        assertThat(file).exists();
        assertThat(MeshRecords.open(records).orphans()).isEmpty();
        assertThat(file).doesNotExist();
        assertThat(records.resolve("hosts.json.damaged")).exists();
    }
}
