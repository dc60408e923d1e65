// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ManPageTest {
    private static final Path SHIPPED = Path.of("src/main/dist/share/man/man1/op-dbus.1");

    @Test
    void the_page_that_is_shipped_is_what_the_program_says_of_itself() throws Exception {
        CommandRun man = CommandRun.of("man");
        assertThat(man.status()).isZero();
        assertThat(Files.readString(SHIPPED))
                .as("write it anew: agent/target/op-dbus/bin/op-dbus man > agent/%s", SHIPPED)
                .isEqualTo(man.out());
    }

    @Test
    void it_names_every_command_with_its_options_and_examples() throws Exception {
        assertThat(CommandRun.of("man").out())
                .contains(
                        ".SS op\\-dbus apply\n",
                        ".SS op\\-dbus ledger verify\n",
                        ".SS op\\-dbus container create\n",
                        "\\-\\-prune",
                        "op\\-dbus diff \\-\\-exit\\-code",
                        ".SH EXIT STATUS")
                .doesNotContain("%n");
    }
}
