// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse;

import java.nio.file.Path;

/**
 * How a tree is mounted.
 *
 * @param folder where; an existing, empty folder
 * @param readers the group whose members may read beside root, or {@link #EVERYONE}
 * @param writable whether root may write the files that can be written
 */
public record MountOptions(Path folder, String readers, boolean writable) {
    /** All users may read. */
    public static final String EVERYONE = "*";
}
