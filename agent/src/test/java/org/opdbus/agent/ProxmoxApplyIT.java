// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.agent.TestHost.sh;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.opdbus.agent.TestCommand.Result;

/** The agent changes and destroys containers through pct, and does not interfere with its own requests. */
@TestInstance(Lifecycle.PER_CLASS)
class ProxmoxApplyIT {
    private static final Path PROGRAMS = Path.of("/usr/local/sbin");

    private final ProxmoxScene host = new ProxmoxScene(Map.of());

    @BeforeAll
    void start() throws IOException {
        // Only in this laboratory: programs that the agent starts are looked for here first.
        sh("mount", "-t", "tmpfs", "tmpfs", PROGRAMS.toString());
        Path pct = Files.writeString(PROGRAMS.resolve("pct"), "#!/bin/sh\nexec " + host.pct.program() + " \"$@\"\n");
        Files.setPosixFilePermissions(pct, PosixFilePermissions.fromString("rwxr-xr-x"));
        host.start();
        host.pct.pauses(200);
    }

    @AfterAll
    void close() {
        host.close();
        sh("umount", PROGRAMS.toString());
    }

    private Result apply(String vmid, int vlan) throws IOException {
        Files.writeString(host.agent.stateFile(), """
                {"version": 1, "plugins": {"lxc": {"containers": [
                  {"id": "%s", "bridge": "vmbr0", "running": true, "properties": {"vlan": %d}}]}}}
                """.formatted(vmid, vlan));
        return TestCommand.run(host.agent.config(), "apply");
    }

    @Test
    void a_vlan_is_changed_by_pct_and_enrolled_and_a_failure_leaves_what_was() throws IOException {
        host.run("301", "bridge=vmbr0,tag=10");
        host.awaitRecorded("301", TestHost.BRIDGE, 10);
        for (int vlan = 11; vlan <= 13; vlan++) {
            host.expect("301", "bridge=vmbr0,tag=" + vlan);
            Result result = apply("301", vlan);
            assertThat(result.status())
                    .as("%s\n%s", result, host.agent.logText())
                    .isZero();
            assertThat(Rows.of(host.scene.ovs).tag("veth301i0")).isEqualTo(String.valueOf(vlan));
            host.awaitRecorded("301", TestHost.BRIDGE, vlan);
            eventually(() -> assertThat(
                            TestCommand.run(host.agent.config(), "verify").status())
                    .isZero());
        }
        host.pct.failsToPlugOnce();
        assertThat(apply("301", 14).status()).isNotZero();
        assertThat(Rows.of(host.scene.ovs).tag("veth301i0")).isEqualTo("13");
        host.awaitRecorded("301", TestHost.BRIDGE, 13);
        assertThat(host.strayFrames("301")).isZero();
        assertThat(host.agent.ledger("drift.seen", "301")).isEmpty();
    }

    @Test
    void a_container_that_runs_is_destroyed_by_pct() throws IOException {
        host.run("302", "bridge=vmbr0,tag=10");
        host.awaitRecorded("302", TestHost.BRIDGE, 10);
        Result result = TestCommand.run(host.agent.config(), "container", "destroy", "--yes", "302");
        assertThat(result.status()).as("%s\n%s", result, host.agent.logText()).isZero();
        assertThat(host.pct.configuration("302")).doesNotExist();
        eventually(() -> assertThat(host.bridgeOf("veth302i0")).isEmpty());
    }
}
