// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The definitions of labs on disk. */
class LabStoreTest {
    @TempDir
    Path temporary;

    private Path folder;
    private LabStore store;

    @BeforeEach
    void begin() {
        folder = temporary.resolve("labs");
        store = new LabStore(folder);
    }

    private static LabDefinition everything() {
        Optional<String> none = Optional.empty();
        return LabEdit.with(
                LabDefinition.empty("nemo"),
                List.of(
                        add("web", new LabMachine.Lxc("web1", Optional.of("busybox")), "sv"),
                        add("old", new LabMachine.Lxc("web2", none), "v"),
                        add("box", new LabMachine.Docker("debian:12", "sleep 1"), "sv"),
                        add("vm", new LabMachine.Kvm(64, 2, none, Optional.of("/k"), Optional.of("/i"), "quiet"), "s"),
                        add("tap0", new LabMachine.Tap(), "v"),
                        add("out", new LabMachine.Nat(), "v"),
                        add("line", new LabMachine.A2b(1, 2, 90_000_000), "vs"),
                        add("eth9", new LabMachine.Phy(), "v"),
                        new LabChange.JoinLan("web", 0, new LabEndpoint.Place("lan01", 7, List.of(8, 9))),
                        new LabChange.JoinLan("line", 1, new LabEndpoint.Place("lan01", 0, List.of()))),
                Set.of(),
                new Random(1));
    }

    private static LabChange add(String name, LabMachine machine, String endpoints) {
        return new LabChange.AddItem(name, machine, endpoints, List.of());
    }

    @Test
    void what_was_saved_is_loaded() throws IOException {
        assertThat(store.names()).isEmpty();
        assertThat(store.load("nemo")).isEmpty();
        store.save(LabDefinition.empty("nemo"));
        store.save(everything());
        store.save(LabDefinition.empty("dory"));
        assertThat(store.load("nemo")).contains(everything());
        assertThat(store.names()).containsExactly("dory", "nemo");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                .isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("nemo.json"))))
                .isEqualTo("rw-------");

        store.forget("nemo");
        store.forget("nemo");
        assertThat(store.names()).containsExactly("dory");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(folder.resolve("dory.json"));
        }
    }

    @Test
    void a_damaged_file_is_named_and_stays() throws IOException {
        String whole = LabStore.encode(everything());
        store.save(everything());
        Path file = folder.resolve("nemo.json");
        for (String text : List.of(
                "",
                "{",
                "[]",
                "{\"format\":2,\"name\":\"nemo\"}",
                whole.substring(0, whole.length() / 2),
                whole.replace("\"nemo\"", "\"dory\""),
                whole.replace("\"busybox\"", "\"/bin/sh -c evil\""),
                whole.replace("\"lan01\"", "\"../lan\""),
                whole.replace("\"id\" : 2", "\"id\" : 1"),
                whole.replace("\"id\" : 2", "\"id\" : 1000"),
                whole.replace("\"number\" : 1", "\"number\" : 2"),
                whole.replace("\"A2b\"", "\"Rocket\""))) {
            Files.writeString(file, text);
            assertThatThrownBy(() -> store.load("nemo"))
                    .as(text)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(file + ": is not the definition of the lab nemo");
            assertThat(file).hasContent(text);
        }
    }

    @Test
    void no_name_leads_out_of_the_folder() {
        assertThatThrownBy(() -> store.load("../nemo")).isInstanceOf(LabRefusal.class);
        assertThatThrownBy(() -> store.save(LabDefinition.empty("a/b"))).isInstanceOf(LabRefusal.class);
    }
}
