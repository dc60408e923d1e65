// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.driver.lxc;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.driver.DriverException;
import org.opdbus.verticles.driver.DriverException.Reason;
import org.opdbus.verticles.driver.PropertyChanges;
import org.opdbus.verticles.files.AtomicFile;

/** Changes an LXC container: its configuration, its files, and the running container where possible. */
final class LxcChange {
    private final LxcTools tools;
    private final LxcSettings settings;

    LxcChange(LxcTools tools, LxcSettings settings) {
        this.tools = tools;
        this.settings = settings;
    }

    /** Changes it; returns the keys that take effect only at its next start. */
    Set<String> make(ContainerId id, PropertyChanges changes) throws DriverException, InterruptedException {
        tools.requireDefined(id);
        changes.requireChangeable(id);
        settings.check(changes.values());
        Map<String, String> files = new LinkedHashMap<>();
        try {
            LxcConfigText config = tools.read(id);
            changes.removed().forEach(key -> files.putAll(limitsLifted(key)));
            files.putAll(settings.limitFiles(config, changes.values()));
            changes.removed().forEach(key -> settings.remove(config, key, id.value()));
            settings.write(config, changes.values());
            AtomicFile.replace(tools.config(id), config.toBytes());
            tellGuest(tools.rootfs(id, config), config, changes);
        } catch (IOException failure) {
            throw new DriverException(
                    Reason.FILE, "the configuration of container " + id + " was not changed: " + failure, "", failure);
        }
        return tools.isRunning(id) ? pending(id, changes, files) : Set.of();
    }

    private static void tellGuest(Path rootfs, LxcConfigText config, PropertyChanges changes) throws IOException {
        if (changes.keys().contains("nameserver") || changes.keys().contains("searchdomain")) {
            GuestNetworkFiles.resolver(rootfs, config.note("nameserver"), config.note("searchdomain"));
        }
        if (changes.keys().contains("ipv4")) {
            GuestNetworkFiles.address(rootfs, changes.values().ipv4().isPresent());
        }
    }

    private Map<String, String> limitsLifted(String key) {
        return List.of("memory", "swap", "cores").contains(key) ? settings.unlimited(key) : Map.of();
    }

    /** Changes the running container where possible; returns the keys that take effect only at its next start. */
    private Set<String> pending(ContainerId id, PropertyChanges changes, Map<String, String> files)
            throws DriverException, InterruptedException {
        Set<String> pending = new TreeSet<>(changes.keys());
        pending.retainAll(Set.of("hostname", "features", "memory", "swap", "cores"));
        if (limit(id, files)) {
            pending.removeAll(Set.of("memory", "swap", "cores"));
        }
        return pending;
    }

    /**
     * In version 1 the sum of memory and swap must never be below the memory. Which of them must be written first
     * depends on the present values, so if one order fails, the other is tried.
     */
    private boolean limit(ContainerId id, Map<String, String> files) throws DriverException, InterruptedException {
        List<Map.Entry<String, String>> order = new ArrayList<>(files.entrySet());
        return limit(id, order) || limit(id, reversed(order));
    }

    private boolean limit(ContainerId id, List<Map.Entry<String, String>> files)
            throws DriverException, InterruptedException {
        boolean all = true;
        for (Map.Entry<String, String> file : files) {
            all &= tools.limit(id, file.getKey(), file.getValue());
        }
        return all;
    }

    private static <T> List<T> reversed(List<T> list) {
        List<T> reversed = new ArrayList<>(list);
        Collections.reverse(reversed);
        return reversed;
    }
}
