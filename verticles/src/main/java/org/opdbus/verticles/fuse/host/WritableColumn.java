// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse.host;

import io.reactivex.rxjava3.core.Completable;
import java.time.Instant;
import org.opdbus.verticles.fuse.tree.WritableFile;
import org.opdbus.verticles.fuse.write.Writes;

/** A column that can be written: each write(2) is the whole new value, as in sysfs. */
record WritableColumn(ColumnFile file, Writes writes, Writes.Column column) implements WritableFile {
    private static final int BYTES_MAX = 64 << 10;

    @Override
    public long id() {
        return file.id();
    }

    @Override
    public Instant modified() {
        return file.modified();
    }

    @Override
    public long size() {
        return file.size();
    }

    @Override
    public byte[] content() {
        return file.content();
    }

    @Override
    public Takes takes() {
        return Takes.EACH_WRITE;
    }

    @Override
    public int bytesMax() {
        return BYTES_MAX;
    }

    @Override
    public Completable write(byte[] content, Writer writer) {
        return writes.column(column, content, writer);
    }
}
