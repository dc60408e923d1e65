// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.bus;

import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;

/** The settings that all Vert.x instances of this program have in common. */
public final class VertxSettings {
    private VertxSettings() {}

    /**
     * Creates options, to which the caller adds its own.
     *
     * <p>Vert.x makes a folder {@code vertx-cache-…} in the temporary folder when it starts, for files that it finds
     * on the class path, and a process that is killed leaves that folder behind. This program reads no file from its
     * class path through Vert.x, so both functions are off: either of them alone would still make the folder.
     */
    public static VertxOptions common() {
        return new VertxOptions()
                .setFileSystemOptions(
                        new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false));
    }
}
