// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class UserGroupsTest {
    @Test
    void every_group_of_the_host_has_its_number() throws IOException {
        for (String line : Files.readAllLines(Path.of("/etc/group"))) {
            String[] fields = line.split(":", -1);
            assertThat(UserGroups.numberOf(fields[0])).as(line).hasValue(Long.parseLong(fields[2]));
        }
        assertThat(UserGroups.numberOf("root")).hasValue(0);
    }

    @Test
    void a_group_that_is_not_there_has_none() throws IOException {
        assertThat(UserGroups.numberOf("no-such-group")).isEmpty();
        assertThat(UserGroups.numberOf("")).isEmpty();
        assertThat(UserGroups.numberOf("root:x:0")).isEmpty();
        assertThat(UserGroups.numberOf("r".repeat(100_000))).isEmpty();
    }
}
