// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.Optional;
import org.opdbus.config.state.StateLoader;
import org.opdbus.verticles.fuse.tree.Node;
import org.opdbus.verticles.fuse.tree.WritableFile.Takes;
import org.opdbus.verticles.fuse.write.Writes;
import org.opdbus.verticles.kernel.RegularFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The desired state that the agent follows: the state that was applied last; empty before the first apply. What is written
 * between open and close is applied at close. The content is read when it is asked for, so a reader that opens the file has one
 * whole state, as the agent replaces its file by a new one.
 */
final class DesiredFile {
    private static final Logger LOG = LoggerFactory.getLogger(DesiredFile.class);

    private final Path path;
    private final Optional<Writes> writes;

    DesiredFile(Path path, Optional<Writes> writes) {
        this.path = path;
        this.writes = writes;
    }

    /** Returns the file as it is now. */
    Node node() {
        OfDisk now = new OfDisk(0, Instant.EPOCH, path);
        try {
            BasicFileAttributes facts = Files.readAttributes(path, BasicFileAttributes.class);
            now = new OfDisk(facts.size(), facts.lastModifiedTime().toInstant(), path);
        } catch (IOException e) {
            LOG.debug("no state was applied yet, or it cannot be read: {}", e.toString());
        }
        return writes.isPresent()
                ? new WritableNode(now, Takes.ALL_AT_CLOSE, StateLoader.BYTES_MAX, writes.get()::desired)
                : now;
    }

    private record OfDisk(long size, Instant modified, Path path) implements Node.TextFile {
        @Override
        public long id() {
            return FixedNode.DESIRED;
        }

        @Override
        public byte[] content() {
            try {
                return RegularFile.readIfExists(path, StateLoader.BYTES_MAX).orElseGet(() -> new byte[0]);
            } catch (IOException e) {
                LOG.warn(
                        "desired.json is empty, because the state that was applied last cannot be read: {}",
                        e.toString());
                return new byte[0];
            }
        }
    }
}
