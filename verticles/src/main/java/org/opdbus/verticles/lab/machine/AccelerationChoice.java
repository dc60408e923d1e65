// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.machine;

/**
 * Whether machines run on the processor itself (KVM). A device that opens can still refuse to work, in a host that is itself a
 * virtual machine for example; once qemu has ended over it, machines are emulated. Safe for use by any thread.
 */
final class AccelerationChoice {
    private volatile boolean kvm;

    AccelerationChoice() {
        this(true);
    }

    AccelerationChoice(boolean kvm) {
        this.kvm = kvm;
    }

    /** Returns what the host offers, without what has failed. */
    QemuHost look() {
        QemuHost host = QemuHost.look();
        return kvm ? host : host.withoutKvm();
    }

    void kvmFailed() {
        kvm = false;
    }
}
