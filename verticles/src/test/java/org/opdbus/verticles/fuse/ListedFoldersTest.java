// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.fuse.tree.Node;

class ListedFoldersTest {
    private long nanos;
    private final ListedFolders listed = new ListedFolders(() -> nanos);

    @Test
    void a_list_is_fresh_for_half_of_the_time_for_which_the_kernel_keeps_attributes() {
        assertThat(listed.isFresh(folder(1, "a"))).isFalse();

        listed.listed(folder(1, "a"), listed.now());

        nanos += TimeUnit.MILLISECONDS.toNanos(4_999);
        assertThat(listed.isFresh(folder(1, "a"))).isTrue();
        assertThat(listed.isFresh(folder(2, "a"))).isFalse();
        nanos += TimeUnit.MILLISECONDS.toNanos(1);
        assertThat(listed.isFresh(folder(1, "a"))).isFalse();
    }

    @Test
    void the_time_counts_from_the_beginning_of_the_list() {
        long begun = listed.now();
        nanos += TimeUnit.SECONDS.toNanos(6);
        listed.listed(folder(1, "a"), begun);

        assertThat(listed.isFresh(folder(1, "a"))).isFalse();
    }

    @Test
    void a_list_is_not_fresh_when_the_folder_has_changed() {
        listed.listed(folder(1, "a"), listed.now());

        assertThat(listed.isFresh(changed(folder(1, "a")))).isFalse();
    }

    @Test
    void the_oldest_of_too_many_is_forgotten() {
        for (int id = 1; id <= 8_193; id++) {
            listed.listed(folder(id, "a"), listed.now());
        }

        assertThat(listed.isFresh(folder(1, "a"))).isFalse();
        assertThat(listed.isFresh(folder(2, "a"))).isTrue();
    }

    @Test
    void a_list_that_the_kernel_dropped_in_its_midst_is_made_again() {
        OpenFolder open = new OpenFolder(folder(1, "a", "b"));

        assertThat(open.entries(false, open.folder(), 5))
                .extracting(OpenFolder.Entry::name)
                .containsExactly("a", "b");
        assertThat(open.begun()).isEqualTo(5);
        assertThat(open.entries(false, folder(1, "c"), 6)).hasSize(2);
        assertThat(open.entries(true, folder(1, "c"), 7)).hasSize(1);
    }

    private static Node.Folder folder(long id, String... names) {
        return new Listed(id, Instant.EPOCH, List.of(names));
    }

    private static Node.Folder changed(Node.Folder folder) {
        return new Listed(folder.id(), folder.modified().plusNanos(1), List.of());
    }

    private record Listed(long id, Instant modified, List<String> names) implements Node.Folder {
        @Override
        public Optional<Node> child(String name) {
            return Optional.empty();
        }

        @Override
        public void forEach(BiConsumer<String, Node> action) {
            names.forEach(name -> action.accept(name, new SymbolicLink(2, modified, name)));
        }

        @Override
        public int folders() {
            return 0;
        }
    }
}
