// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.confirm;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.verticles.uplink.plan.UplinkRefusal;

/** No process here has a connection after the future; so each is refused, and the reason tells how far it came. */
class ConfirmingCallerTest {
    private final Instant later = Instant.now().plusSeconds(3_600);

    @TempDir
    Path folder;

    @Test
    void a_process_that_is_not_connected_to_the_agent_cannot_be_named() {
        ConfirmingCaller caller = new ConfirmingCaller(folder.resolve("control.sock"));
        long parent = ProcessHandle.current().parent().orElseThrow().pid();

        assertThatThrownBy(() -> caller.evidence(parent, later))
                .isInstanceOf(UplinkRefusal.class)
                .hasMessageContaining("is not connected to the agent");
    }

    @Test
    void a_process_that_is_connected_and_this_one_are_asked_for_their_connections() throws Exception {
        Path socket = folder.resolve("control.sock");
        ConfirmingCaller caller = new ConfirmingCaller(socket);
        try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(socket));
            Process client = new ProcessBuilder("nc", "-U", socket.toString()).start();
            try (SocketChannel accepted = server.accept()) {
                assertThatThrownBy(() -> caller.evidence(client.pid(), later))
                        .as("%s", accepted)
                        .isInstanceOf(UplinkRefusal.class)
                        .hasMessageContaining("uplink confirm");
                assertThatThrownBy(() -> caller.evidence(client.pid(), later))
                        .message()
                        .doesNotContain("is not connected to the agent");
            } finally {
                client.destroyForcibly().waitFor();
            }
        }
        assertThatThrownBy(() -> caller.evidence(ProcessHandle.current().pid(), later))
                .isInstanceOf(UplinkRefusal.class)
                .message()
                .doesNotContain("is not connected to the agent");
    }
}
