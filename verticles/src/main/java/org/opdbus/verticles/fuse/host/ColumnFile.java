// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse.host;

import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import org.opdbus.verticles.edges.rows.StoredValue;
import org.opdbus.verticles.fuse.tree.Node;

/** The value of a column and a newline. */
record ColumnFile(long id, StoredValue value) implements Node.TextFile {
    @Override
    public Instant modified() {
        return value.changed();
    }

    @Override
    public long size() {
        return value.size() + 1L;
    }

    @Override
    public byte[] content() {
        Buffer content = Buffer.buffer(value.size() + 1);
        value.appendTo(content);
        return content.appendByte((byte) '\n').getBytes();
    }
}
