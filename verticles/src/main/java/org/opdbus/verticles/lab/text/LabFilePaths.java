// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.text;

import java.nio.file.Path;
import java.util.Optional;
import org.opdbus.verticles.lab.definition.LabChange;
import org.opdbus.verticles.lab.definition.LabMachine;

/** Completes the names of files in a command: the agent does not run in the folder of the caller. */
public final class LabFilePaths {
    private final Path folder;

    /** Creates it for callers in this folder, whose path is absolute. */
    public LabFilePaths(Path folder) {
        this.folder = folder;
    }

    /** Returns the same change with absolute paths. */
    public LabChange absolute(LabChange change) {
        if (change instanceof LabChange.AddItem add && add.machine() instanceof LabMachine.Kvm kvm) {
            LabMachine whole = new LabMachine.Kvm(
                    kvm.memoryMb(),
                    kvm.processors(),
                    kvm.image().map(this::absolute),
                    kvm.kernel().map(this::absolute),
                    kvm.initrd().map(this::absolute),
                    kvm.append());
            return new LabChange.AddItem(add.name(), whole, add.endpoints(), add.macs());
        }
        return change;
    }

    private String absolute(String file) {
        return Optional.of(file)
                .filter(name -> !name.isEmpty())
                .map(name -> folder.resolve(name).normalize().toString())
                .orElse(file);
    }
}
