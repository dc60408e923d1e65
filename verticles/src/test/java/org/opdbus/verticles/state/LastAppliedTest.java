// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.config.state.ContainerProperties;
import org.opdbus.config.state.DesiredContainer;
import org.opdbus.config.state.StateLoader;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.state.StateException.Reason;

final class LastAppliedTest {
    private static final ContainerId ID = new ContainerId("100");

    @TempDir
    Path folder;

    @Test
    void what_is_saved_is_loaded_again_and_is_a_state_file() throws Exception {
        Path file = folder.resolve("data/last-applied.json");
        assertThat(LastApplied.load(file)).isEqualTo(LastApplied.none());
        LastApplied last = LastApplied.none().with(container(ID)).with(container(new ContainerId("web")));
        LastApplied.none().save(file);
        last.save(file);
        assertThat(LastApplied.load(file)).isEqualTo(last);
        assertThat(LastApplied.of(StateLoader.load(file))).isEqualTo(last);
        assertThat(last.without(ID).containers()).containsOnlyKeys(new ContainerId("web"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        try (Stream<Path> files = Files.list(folder.resolve("data"))) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void a_damaged_record_is_no_empty_one() throws IOException {
        Path file = Files.writeString(folder.resolve("last-applied.json"), "{\"version\":1,\"plugins\":{\"lx");
        StateException failure = catchThrowableOfType(StateException.class, () -> LastApplied.load(file));
        assertThat(failure.reason()).isEqualTo(Reason.RECORD_UNREADABLE);
        assertThat(failure.remedy()).contains("nothing is pruned until the next apply");
    }

    @Test
    void a_record_that_cannot_be_written_is_an_error() throws IOException {
        Path noFolder = Files.writeString(folder.resolve("file"), "x");
        StateException failure = catchThrowableOfType(
                StateException.class, () -> LastApplied.none().save(noFolder.resolve("last-applied.json")));
        assertThat(failure.reason()).isEqualTo(Reason.RECORD_UNWRITABLE);
    }

    private static DesiredContainer container(ContainerId id) {
        return new DesiredContainer(
                id,
                Optional.empty(),
                Optional.of(""),
                Optional.of(false),
                ContainerProperties.of(Map.of("memory", 64)));
    }
}
