// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.opdbus.agent.TestCommand.Result;

/** The log level of a running agent is changed from outside. */
final class LogLevelIT {
    @Test
    void the_levels_of_a_running_agent_are_shown_and_set_by_root_only() {
        try (TestHost scene = new TestHost(Map.of())) {
            Result none = run(scene);
            assertThat(none.status()).isEqualTo(2);
            assertThat(none.err()).contains("no agent listens");

            scene.start();
            assertThat(run(scene).lines()).first().asString().matches("PACKAGE +LEVEL +SET");
            assertThat(run(scene, "netlink").lines().get(1)).matches("org\\.opdbus\\.verticles\\.netlink +INFO +above");

            assertThat(scene.agent.logText()).doesNotContain("DEBUG op-dbus link.");
            Result set = run(scene, "op-dbus", "debug", "--json");
            assertThat(set.status()).as(set.toString()).isZero();
            assertThat(set.out()).contains("\"level\" : \"DEBUG\"");
            TestHost.sh("ip", "link", "add", "stranger", "type", "veth", "peer", "name", "other");
            eventually(() -> assertThat(scene.agent.logText()).contains("DEBUG op-dbus link.appeared"));
            assertThat(scene.agent.logText().lines().filter(line -> line.contains("log.level")))
                    .hasSize(1)
                    .allMatch(line -> line.endsWith("INFO  op-dbus log.level package=op-dbus from=INFO to=DEBUG"));

            Result typo = run(scene, "netlnik", "debug");
            assertThat(typo.status()).isEqualTo(2);
            assertThat(typo.err()).contains("there is no package \"netlnik\"");
            Result level = run(scene, "netlink", "loud");
            assertThat(level.status()).isEqualTo(2);
            assertThat(level.err()).contains("\"loud\" is not a level");

            // A user who may read this program's files, and nothing more.
            Result other = TestCommand.start(
                            scene.agent.config(),
                            Map.of(),
                            List.of(
                                    "setpriv",
                                    "--reuid=65534",
                                    "--regid=65534",
                                    "--clear-groups",
                                    "--inh-caps=+dac_read_search",
                                    "--ambient-caps=+dac_read_search"),
                            "log-level",
                            "netlink",
                            "debug")
                    .result();
            assertThat(other.status()).as(other.toString()).isEqualTo(2);
            assertThat(other.err()).contains("for root only");
        }
    }

    @Test
    void what_a_running_agent_repeats_is_counted_at_the_latest_when_it_ends() {
        try (TestHost scene = new TestHost(Map.of())) {
            scene.agent.start();
            for (int i = 0; i < 12; i++) {
                scene.agent.ask("log-level", Map.of("package", "netlink", "level", "info"));
            }
            scene.agent.stop();
            String line = "log.level package=org.opdbus.verticles.netlink from=INFO to=INFO";
            assertThat(scene.agent.logText().lines().filter(each -> each.endsWith("op-dbus " + line)))
                    .hasSize(5);
            assertThat(scene.agent.logText()).contains("op-dbus … 7 more in 60 s: " + line);
        }
    }

    private static Result run(TestHost scene, String... arguments) {
        String[] words = new String[arguments.length + 1];
        words[0] = "log-level";
        System.arraycopy(arguments, 0, words, 1, arguments.length);
        return TestCommand.run(scene.agent.config(), words);
    }
}
