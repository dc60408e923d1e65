// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.opdbus.verticles.kernel.ProcText;
import org.opdbus.verticles.uplink.plan.LinkSettings;

/** The files of a link in {@code /proc/sys/net} and {@code /sys/class/net}. */
final class LinkFiles {
    private static final int BYTES_MAX = 256;

    private final Path root;

    LinkFiles(Path root) {
        this.root = root;
    }

    /**
     * Returns the settings of a link that a move carries over, by their path with {@code *} for the link's name. A setting that this
     * kernel does not have is not among them.
     *
     * @param troubles gets a sentence for each setting that is there and cannot be read
     */
    Map<String, String> settings(String link, List<String> troubles) {
        Map<String, String> settings = new HashMap<>();
        for (String path : LinkSettings.paths()) {
            Path file = root.resolve("proc/sys").resolve(path.replace("*", link));
            try {
                settings.put(path, ProcText.read(file, BYTES_MAX).strip());
            } catch (NoSuchFileException none) {
                // Another version of the kernel, or one without IPv6.
            } catch (IOException e) {
                troubles.add("the setting " + file + " cannot be read: " + e.getMessage());
            }
        }
        return settings;
    }

    /** Returns whether the link is wireless: the kernel names the radio below it. */
    boolean isWireless(String link) {
        Path folder = root.resolve("sys/class/net").resolve(link);
        return Files.exists(folder.resolve("phy80211")) || Files.exists(folder.resolve("wireless"));
    }
}
