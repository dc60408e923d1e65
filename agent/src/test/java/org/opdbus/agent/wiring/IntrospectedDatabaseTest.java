// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivex.rxjava3.core.Single;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IntrospectedDatabaseTest {
    @TempDir
    Path root;

    @Test
    void a_host_without_a_trace_of_it_has_no_open_vswitch() {
        assertThat(database().isInstalled()).isFalse();
    }

    @Test
    void a_stopped_one_is_known_by_its_program_its_database_or_the_folder_of_its_socket() throws IOException {
        for (String trace : new String[] {"usr/sbin/ovsdb-server", "etc/openvswitch/conf.db", "run/openvswitch/pid"}) {
            Path file = root.resolve(trace);
            Files.createDirectories(file.getParent());
            Files.createFile(file);
            assertThat(database().isInstalled()).as(trace).isTrue();
            Files.delete(file);
            Files.delete(file.getParent());
        }
    }

    private IntrospectedDatabase database() {
        return new IntrospectedDatabase(
                root, root.resolve("run/openvswitch/db.sock"), (database, work) -> Single.never());
    }
}
