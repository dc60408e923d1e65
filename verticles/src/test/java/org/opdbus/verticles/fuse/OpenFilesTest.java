// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.fuse.tree.TreeChange;
import org.opdbus.verticles.fuse.wire.FileError;

/** What readers can make a mount hold is limited, and what they give back can be used again. */
final class OpenFilesTest {
    private static final int LARGE = 1024 * 1024;

    private final OpenFiles openFiles = new OpenFiles();

    @Test
    void so_many_files_are_open_at_once_and_no_more() throws Exception {
        List<Long> handles = new ArrayList<>();
        for (int i = 0; i < OpenFiles.COUNT_MAX; i++) {
            handles.add(openFiles.add(file(0)));
        }
        assertThat(errno(file(0))).isEqualTo(FileError.ENFILE);

        openFiles.closeFile(handles.get(7));

        assertThat(openFiles.add(file(0))).isNotIn(handles);
        assertThat(errno(file(0))).isEqualTo(FileError.ENFILE);
    }

    @Test
    void open_files_hold_so_many_bytes_and_no_more() throws Exception {
        long first = openFiles.add(file(LARGE));
        for (int i = 1; i < OpenFiles.BYTES_MAX / LARGE; i++) {
            openFiles.add(file(LARGE));
        }
        assertThat(errno(file(1))).isEqualTo(FileError.ENOMEM);

        openFiles.refresh(openFiles.file(first), new byte[10]);
        assertThat(errno(file(LARGE))).isEqualTo(FileError.ENOMEM);
        openFiles.closeFile(first);
        openFiles.closeFile(first);

        openFiles.add(file(LARGE));
        assertThat(errno(file(1))).isEqualTo(FileError.ENOMEM);
    }

    @Test
    void a_change_wakes_those_who_wait_for_it_and_no_others() throws Exception {
        long handle = openFiles.add(file(1));
        openFiles.file(handle).awaitChange(77);
        assertThat(openFiles.changed(2)).isEmpty();

        openFiles.poll(2, handle);

        assertThat(openFiles.changed(3)).isEmpty();
        assertThat(openFiles.changed(2)).containsExactly(77L);
        assertThat(openFiles.allChanged()).containsExactly(77L);
        openFiles.closeFile(handle);
        assertThat(openFiles.changed(2)).isEmpty();
    }

    @Test
    void changes_that_wait_are_kept_once_each_and_too_many_are_lost() throws Exception {
        PendingChanges pending = new PendingChanges();
        pending.add(new TreeChange.Modified(1, "tag", 2));
        pending.add(new TreeChange.Modified(1, "tag", 2));
        assertThat(pending.take()).hasSize(1);
        for (int i = 0; i <= PendingChanges.COUNT_MAX; i++) {
            pending.add(new TreeChange.Modified(1, "tag", i));
        }
        assertThat(pending.take())
                .containsExactly(new TreeChange.Lost(), new TreeChange.Modified(1, "tag", PendingChanges.COUNT_MAX));
        pending.end();
        assertThat(pending.take()).isEmpty();
    }

    private static OpenFile file(int bytes) {
        SyntheticTree.Text text = new SyntheticTree.Text(2, Instant.EPOCH, "");
        return new OpenFile(text, new byte[bytes], Optional.empty());
    }

    private int errno(OpenFile file) {
        FileError error = catchThrowableOfType(FileError.class, () -> openFiles.add(file));
        return error.errno();
    }
}
