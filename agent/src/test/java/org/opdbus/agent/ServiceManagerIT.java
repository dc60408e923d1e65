// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.testing.DatagramListener;

/** What a real agent reports to the service manager during its life. */
class ServiceManagerIT {
    @Test
    void the_service_manager_hears_of_readiness_containers_reloads_life_and_the_end() throws IOException {
        String address = "@op-dbus/test/" + UUID.randomUUID();
        try (DatagramListener manager = DatagramListener.at(address);
                TestHost scene = new TestHost(Map.of())) {
            scene.agent.environment(Map.of("NOTIFY_SOCKET", address, "WATCHDOG_USEC", "400000"));
            scene.start();
            manager.await("READY=1");
            manager.await("WATCHDOG=1");

            scene.run("100");
            manager.await("STATUS=Containers: 1 running, 1 enrolled, 0 refused; ports: 1");

            Files.writeString(scene.agent.stateFile(), "{\"version\":1,\"plugins\":{\"lxc\":{\"containers\":[]}}}");
            scene.agent.hangUp();
            manager.await("RELOADING=1");
            manager.await("READY=1");

            scene.agent.stop();
            manager.await("STOPPING=1");
            assertThat(scene.ports()).contains("vi100");
        }
    }
}
