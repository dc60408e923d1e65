// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.vm;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.opdbus.events.ContainerId;
import org.opdbus.events.ContainerId.Kind;
import org.opdbus.verticles.vm.QemuProcess.HeldTap;

/**
 * The ids of machines. Pure.
 *
 * <p>Proxmox's number counts before a name, because Proxmox finds the tap by it, too. A name comes from the command line, so a
 * user who may start machines can choose any; one that does not look like a name is not taken.
 */
final class MachineIds {
    private static final int NAME_MAX = 63;

    private MachineIds() {}

    /** Returns the number that Proxmox gave the machine; empty if none of its taps is Proxmox's. */
    static Optional<ContainerId> ofProxmox(QemuProcess process) {
        return process.taps().stream()
                .flatMap(tap -> ProxmoxTap.of(tap.name()).stream())
                .map(tap -> Kind.VM.id(tap.vmid()))
                .findFirst();
    }

    /** Returns the machine's possible ids: it has the first one that no other machine has. */
    static List<ContainerId> of(QemuProcess process) {
        Optional<ContainerId> proxmox = ofProxmox(process);
        return proxmox.isPresent()
                ? List.of(proxmox.get())
                : Stream.concat(
                                process.name().filter(MachineIds::isName).stream(),
                                process.taps().stream().map(HeldTap::name))
                        .map(Kind.VM::id)
                        .distinct()
                        .toList();
    }

    /** Returns the name to show; the id's if the machine has no proper name. */
    static String nameOf(QemuProcess process, ContainerId id) {
        return process.name().filter(MachineIds::isName).orElse(id.own());
    }

    /** Returns whether a text is a name that can be shown everywhere: letters, digits, marks and single spaces. */
    static boolean isName(String text) {
        return !text.isEmpty()
                && text.length() <= NAME_MAX
                && text.equals(text.strip())
                && text.codePoints()
                        .allMatch(c -> Character.isLetterOrDigit(c) || (c >= ' ' && c < 0x7f && c != '/' && c != '\\'))
                && ContainerId.isValid(text);
    }
}
