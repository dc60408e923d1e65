// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker.hosts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.enroll.netmaker.guest.MeshNode;

class HostRecordsTest {
    private static final MeshHost HOST = new MeshHost(
            new ContainerId("100"), "nm.test", "nm.test:443", "h1", "02:00:00:00:00:01", "own-password", List.of());

    @TempDir
    Path folder;

    @Test
    void what_is_left_behind_is_remembered_until_it_is_gone() throws Exception {
        Path records = folder.resolve("netmaker");
        HostRecords first = HostRecords.open(records);
        first.remember(HOST);
        first.abandon(HOST);
        first.noteKey("op-dbus-100-12345678");

        assertThat(HostRecords.leftBehind(records))
                .containsExactly("host h1 (container 100) on nm.test", "enrolment key op-dbus-100-12345678");
        HostRecords second = HostRecords.open(records);
        assertThat(second.orphans()).containsExactly(HOST);
        second.forget(HOST);
        second.forgetKey("op-dbus-100-12345678");
        assertThat(HostRecords.leftBehind(records)).isEmpty();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(records.resolve("hosts.json"))))
                .isEqualTo("rw-------");
    }

    @Test
    void asking_what_is_left_behind_changes_nothing() throws Exception {
        Path records = folder.resolve("netmaker");
        assertThat(HostRecords.leftBehind(records)).isEmpty();
        assertThat(records).doesNotExist();

        Files.createDirectory(records);
        Path file = Files.writeString(records.resolve("hosts.json"), "{\"orphans\": [{}]}");
        assertThatThrownBy(() -> HostRecords.leftBehind(records)).hasMessageContaining("is damaged");
        assertThat(file).exists();
        assertThat(HostRecords.open(records).orphans()).isEmpty();
        assertThat(file).doesNotExist();
        assertThat(records.resolve("hosts.json.damaged")).exists();
    }

    @Test
    void a_container_with_another_identity_leaves_its_former_host_to_be_removed() throws Exception {
        Path folderOfRecords = folder.resolve("netmaker");
        HostRecords records = HostRecords.open(folderOfRecords);
        MeshHost next = new MeshHost(
                HOST.container(), "nm.test", "nm.test:443", "h2", "02:00:00:00:00:02", "another", List.of());

        assertThat(records.remember(HOST)).isEmpty();
        assertThat(records.remember(next)).contains(HOST);

        assertThat(HostRecords.open(folderOfRecords).orphans()).containsExactly(HOST);
        assertThat(records.member(HOST.container())).contains(next);
        assertThat(records.remember(HOST)).contains(next);
        assertThat(records.orphans()).containsExactly(next);
    }

    @Test
    void an_identity_that_another_container_has_is_left_to_it() throws Exception {
        HostRecords records = HostRecords.open(folder.resolve("netmaker"));
        MeshHost copy = new MeshHost(
                new ContainerId("101"), "nm.test", "nm.test:443", "h1", "02:00:00:00:00:01", "own-password", List.of());
        records.remember(HOST);
        records.remember(copy);

        assertThat(records.remember(new MeshHost(
                        HOST.container(), "nm.test", "nm.test:443", "h2", "02:00:00:00:00:02", "x", List.of())))
                .isEmpty();
        assertThat(records.orphans()).isEmpty();
    }

    @Test
    void the_nodes_of_a_host_stay_noted_until_it_shows_others() throws Exception {
        Path folderOfRecords = folder.resolve("netmaker");
        HostRecords records = HostRecords.open(folderOfRecords);
        MeshHost placed = HOST.with(List.of(new MeshNode("prod", "n1", "100.64.0.5/16")));
        records.remember(placed);
        records.remember(HOST);

        assertThat(HostRecords.open(folderOfRecords).members()).containsExactly(placed);
        records.forgetNodes(HOST.container());
        assertThat(HostRecords.open(folderOfRecords).members()).containsExactly(HOST);
    }
}
