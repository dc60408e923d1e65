// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse.host;

import io.vertx.core.buffer.Buffer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.opdbus.verticles.edges.rows.StoredRow;
import org.opdbus.verticles.edges.rows.StoredValue;
import org.opdbus.verticles.fuse.tree.Node;

/** All columns of a row as one object. The names of columns are identifiers, so they need no escapes. */
record RowFile(long id, StoredRow row) implements Node.TextFile {
    private static final String BEGIN = "{\"" + RowFiles.UUID + "\":\"";

    @Override
    public Instant modified() {
        return row.changed();
    }

    @Override
    public long size() {
        // The quote behind the identifier, the brace at the end, and the newline.
        long size = BEGIN.length() + row.uuid().length() + 3L;
        List<String> names = row.columns().names();
        for (int i = 0; i < names.size(); i++) {
            Optional<StoredValue> value = row.value(i);
            // A comma, two quotes and a colon.
            size += value.isPresent() ? names.get(i).length() + 4L + value.get().size() : 0;
        }
        return size;
    }

    @Override
    public byte[] content() {
        Buffer content = Buffer.buffer((int) size());
        content.appendString(BEGIN + row.uuid() + '"');
        List<String> names = row.columns().names();
        for (int i = 0; i < names.size(); i++) {
            Optional<StoredValue> value = row.value(i);
            if (value.isPresent()) {
                content.appendString(",\"" + names.get(i) + "\":");
                value.get().appendTo(content);
            }
        }
        return content.appendString("}\n").getBytes();
    }
}
