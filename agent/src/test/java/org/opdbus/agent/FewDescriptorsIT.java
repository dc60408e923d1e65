// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.testing.LxcContainers.Definition;

/**
 * An agent without a free file descriptor logs it in one line, fails no start, and continues as soon as it has some
 * again.
 */
final class FewDescriptorsIT {
    private static final int MANY = 4_096;

    private final TestHost host = new TestHost(Map.of());

    @AfterEach
    void close() {
        host.close();
    }

    @Test
    void without_a_free_descriptor_the_agent_says_so_and_recovers() throws IOException {
        host.start();
        limitTo(lowestFree());
        List<Socket> callers = new ArrayList<>();
        try {
            // A look at the host can give descriptors back that it had when they were counted; callers take those.
            eventually(() -> {
                callers.add(new Socket(InetAddress.getLoopbackAddress(), 8080));
                assertThat(host.agent.logText()).contains("cannot accept a connection at");
            });
            host.lxc.create(Definition.of("100"));
            host.lxc.start("100");
        } finally {
            for (Socket caller : callers) {
                caller.close();
            }
        }

        limitTo(MANY);

        eventually(() -> assertThat(host.agent.logText()).contains("the agent accepts connections again"));
        host.awaitEnrolled("100", "vi100");
        assertThat(occurrences("cannot accept a connection at")).isEqualTo(1);
    }

    /** Returns the number of the next descriptor: the limit is on numbers (getrlimit(2)). */
    private int lowestFree() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc", Long.toString(host.agent.pid()), "fd"))) {
            Set<Integer> used = open.map(
                            file -> Integer.valueOf(file.getFileName().toString()))
                    .collect(Collectors.toSet());
            return IntStream.iterate(0, number -> number + 1)
                    .filter(number -> !used.contains(number))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private void limitTo(int descriptors) {
        TestHost.sh("prlimit", "--pid", Long.toString(host.agent.pid()), "--nofile=" + descriptors + ":" + MANY);
    }

    private long occurrences(String words) {
        return host.agent.logText().lines().filter(line -> line.contains(words)).count();
    }
}
