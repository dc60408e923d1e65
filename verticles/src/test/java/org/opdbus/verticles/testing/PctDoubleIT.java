// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.verticles.testing.PctDouble.Answer;

/**
 * The double of pct answers as the real program was seen to answer where the two were compared and differed. The other answers
 * here are as read from the source of pve-container.
 */
class PctDoubleIT {
    private static final String TEMPLATE = "local:vztmpl/busybox-1_amd64.tar.zst";

    @TempDir
    Path folder;

    private Optional<PctDouble> opened = Optional.empty();

    @BeforeEach
    void open() {
        opened = Optional.of(PctDouble.in(folder));
    }

    @AfterEach
    void close() {
        pct().destroyAll();
    }

    private PctDouble pct() {
        return opened.orElseThrow();
    }

    private void answers(int exit, String said, String... call) {
        assertThat(pct().call(call)).as(String.join(" ", call)).isEqualTo(new Answer(exit, said));
    }

    private void isRefusedFor(String parameter, String... call) {
        Answer answer = pct().call(call);
        assertThat(answer.exit()).as(answer.said()).isEqualTo(2);
        assertThat(answer.said()).startsWith("400 Parameter verification failed.\n" + parameter + ": ");
    }

    @Test
    void a_missing_container_is_reported_with_a_stale_errno() {
        answers(2, "Configuration file 'nodes/pve/lxc/999.conf' does not exist\n", "status", "999");
        answers(2, "Configuration file 'nodes/pve/lxc/999.conf' does not exist\n", "config", "999");
        answers(255, "Configuration file 'nodes/pve/lxc/999.conf' does not exist\n", "start", "999");
    }

    @Test
    void wrong_parameters_exit_with_2() {
        answers(2, "Unknown option: bogus\n400 unable to parse option\n", "create", "300", TEMPLATE, "--bogus", "1");
        isRefusedFor("vmid", "start", "99");
        isRefusedFor("memory", "create", "300", TEMPLATE, "--memory", "much");
        isRefusedFor("onboot", "create", "300", TEMPLATE, "--onboot", "maybe");
        isRefusedFor("net0.name", "create", "300", TEMPLATE, "--net0", "bridge=vmbr0");
        assertThat(pct().configuration("300")).doesNotExist();
        answers(255, "ERROR: unknown command 'pct bogus'\n", "bogus");
    }

    @Test
    void a_creation_fills_in_what_was_not_said() {
        pct().must("create", "300", TEMPLATE, "--rootfs", "local:1");
        assertThat(pct().configured("300", "unprivileged")).isEqualTo("1");
        assertThat(pct().configured("300", "ostype")).isEqualTo("busybox");
        assertThat(pct().configured("300", "rootfs")).isEqualTo("local:300/vm-300-disk-0.raw,size=1G");
        answers(2, "CT 300 already exists on node 'pve'\n", "create", "300", TEMPLATE);
        answers(0, "status: stopped\n", "status", "300");
        assertThat(pct().call("list").said().lines())
                .hasSize(2)
                .first()
                .asString()
                .matches("VMID +Status +Lock +Name +");
        assertThat(pct().call("list").said().lines().skip(1).findFirst().orElseThrow())
                .matches("300 +stopped +CT300 +");
    }

    @Test
    void keys_that_may_not_be_changed_or_deleted_are_refused() throws IOException {
        Files.writeString(pct().configuration("300"), "hostname: web\nmemory: 64\nunprivileged: 1\n");
        String readOnly = "unable to modify read-only option: 'unprivileged'\n";
        answers(255, readOnly, "set", "300", "--unprivileged", "0");
        answers(255, readOnly, "set", "300", "--delete", "unprivileged");
        answers(255, "unable to delete required option 'memory'\n", "set", "300", "--delete", "memory");
        answers(
                0,
                "WARNING: cannot delete 'nameserver' - not set in current configuration!\n",
                "set",
                "300",
                "--delete",
                "nameserver");
        assertThat(Files.readString(pct().configuration("300")))
                .isEqualTo("hostname: web\nmemory: 64\nunprivileged: 1\n");
        // Only the configuration of a container that was never made.
        Files.delete(pct().configuration("300"));
    }

    @Test
    void a_locked_container_and_its_description_are_as_proxmox_has_them() throws IOException {
        Files.writeString(pct().configuration("300"), "#a%3A b\nhostname: web\nlock: backup\n");
        answers(255, "CT is locked (backup)\n", "set", "300", "--memory", "64");
        answers(0, "hostname: web\nlock: backup\n", "config", "300");
        pct().must("unlock", "300").must("set", "300", "--memory", "64");
        assertThat(Files.readString(pct().configuration("300"))).isEqualTo("#a%3A b\nhostname: web\nmemory: 64\n");
        Files.createFile(folder.resolve("flock-300"));
        Answer held = pct().call("set", "300", "--memory", "65");
        assertThat(held.exit()).isEqualTo(255);
        assertThat(held.said()).startsWith("can't lock file '/run/lock/lxc/pve-config-300.lock' - got timeout");
        Files.delete(pct().configuration("300"));
    }

    @Test
    void a_program_in_the_container_ends_as_it_ends_and_needs_a_container_that_runs() {
        pct().must("create", "300", TEMPLATE);
        answers(255, "container '300' not running!\n", "exec", "300", "--", "true");
        answers(255, "CT 300 not running\n", "stop", "300");
        pct().must("start", "300");
        answers(255, "CT 300 already running\n", "start", "300");
        answers(0, "status: running\n", "status", "300");
        answers(7, "", "exec", "300", "--", "sh", "-c", "exit 7");
        assertThat(pct().call("exec", "300", "--", "no-such-program").exit()).isEqualTo(127);
        answers(255, "unable to destroy CT 300 - container is running\n", "destroy", "300");
    }
}
