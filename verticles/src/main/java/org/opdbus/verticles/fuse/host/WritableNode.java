// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse.host;

import io.reactivex.rxjava3.core.Completable;
import java.time.Instant;
import org.opdbus.verticles.fuse.tree.Node;
import org.opdbus.verticles.fuse.tree.WritableFile;

/**
 * A file that root may write.
 *
 * @param shown what its readers see
 * @param change carries out what is written to it
 */
record WritableNode(Node.TextFile shown, Takes takes, int bytesMax, Change change) implements WritableFile {
    /** Carries out a request, as {@link WritableFile#write} does. */
    interface Change {
        Completable write(byte[] content, Writer writer);
    }

    @Override
    public long id() {
        return shown.id();
    }

    @Override
    public Instant modified() {
        return shown.modified();
    }

    @Override
    public long size() {
        return shown.size();
    }

    @Override
    public byte[] content() {
        return shown.content();
    }

    @Override
    public Completable write(byte[] content, Writer writer) {
        return change.write(content, writer);
    }
}
