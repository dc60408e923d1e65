// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse.host;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * When an entry of a folder that there is once came or went last.
 *
 * @param begin the time for a folder of which no entry did
 */
record FolderTimes(Instant begin, Map<Long, Instant> changed) {
    FolderTimes {
        changed = Map.copyOf(changed);
    }

    Instant of(long folder) {
        return changed.getOrDefault(folder, begin);
    }

    FolderTimes with(long folder, Instant now) {
        Map<Long, Instant> more = new HashMap<>(changed);
        more.put(folder, now);
        return new FolderTimes(begin, more);
    }
}
