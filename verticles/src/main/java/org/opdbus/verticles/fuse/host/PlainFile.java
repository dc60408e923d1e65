// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse.host;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.opdbus.verticles.fuse.tree.Node;

/** A file whose content is text that the tree has already. */
final class PlainFile implements Node.TextFile {
    private final long id;
    private final Instant modified;
    private final byte[] bytes;

    PlainFile(long id, Instant modified, byte[] bytes) {
        this.id = id;
        this.modified = modified;
        this.bytes = bytes;
    }

    /** Creates a file of one line; an empty text is an empty file. */
    static PlainFile line(long id, Instant modified, String text) {
        String line = text.isEmpty() ? "" : text + "\n";
        return new PlainFile(id, modified, line.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public long id() {
        return id;
    }

    @Override
    public Instant modified() {
        return modified;
    }

    @Override
    public long size() {
        return bytes.length;
    }

    @Override
    public byte[] content() {
        return bytes.clone();
    }
}
