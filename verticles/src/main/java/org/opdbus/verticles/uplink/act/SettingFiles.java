// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.act;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.opdbus.verticles.uplink.plan.Step;
import org.opdbus.verticles.uplink.plan.UplinkFailure;

/** Writes settings of the kernel (proc(5), /proc/sys/net). */
final class SettingFiles {
    private static final Path ROOT = Path.of("/proc/sys/net");

    private SettingFiles() {}

    static void write(Step.WriteSettings step) {
        step.settings().forEach(SettingFiles::write);
    }

    private static void write(Step.Setting setting) {
        Path path = Path.of(setting.path());
        if (!path.startsWith(ROOT) || !path.equals(path.normalize())) {
            throw new UplinkFailure("will not write the setting " + setting.path() + ": it is not below " + ROOT);
        }
        try {
            // The kernel takes a value in one write; a path that is not there must not be made.
            Files.write(path, setting.after().getBytes(StandardCharsets.UTF_8), StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new UplinkFailure(
                    "could not write " + setting.after() + " to the setting " + path + ": " + e.getMessage(), e);
        }
    }
}
