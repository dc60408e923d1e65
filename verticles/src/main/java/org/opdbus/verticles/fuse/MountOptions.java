// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse;

import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.opdbus.verticles.kernel.UserGroups;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a tree is mounted.
 *
 * @param folder where; an existing, empty folder
 * @param readers the group whose members may read beside root, or {@link #EVERYONE}
 */
public record MountOptions(Path folder, String readers) {
    /** All users may read. */
    public static final String EVERYONE = "*";

    private static final Logger LOG = LoggerFactory.getLogger(MountOptions.class);

    /** Looks the group up, which may take as long as the name service takes. Without it root alone may read. */
    FileAccess access() {
        if (readers.equals(EVERYONE)) {
            return new FileAccess(0, true);
        }
        try {
            OptionalLong number = UserGroups.numberOf(readers);
            if (number.isEmpty()) {
                LOG.info("fuse=no-readers reason=\"there is no group {}\"", readers);
            }
            return new FileAccess((int) number.orElse(0), false);
        } catch (IOException e) {
            LOG.warn("fuse=no-readers reason=\"{}\"", e.getMessage());
            return new FileAccess(0, false);
        }
    }
}
