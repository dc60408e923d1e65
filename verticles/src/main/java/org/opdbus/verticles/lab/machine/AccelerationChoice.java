// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.machine;

import java.util.function.Supplier;

/**
 * Whether machines run on the processor itself (KVM). A device that opens can still refuse to work, in a host that is itself a
 * virtual machine for example; once qemu has ended over it, machines are emulated. Safe for use by any thread.
 */
final class AccelerationChoice {
    private final Supplier<QemuHost> look;
    private volatile boolean kvm;

    AccelerationChoice() {
        this(true, QemuHost::look);
    }

    /**
     * Creates it.
     *
     * @param kvm whether KVM is tried
     * @param look finds out what the host offers
     */
    AccelerationChoice(boolean kvm, Supplier<QemuHost> look) {
        this.kvm = kvm;
        this.look = look;
    }

    /** Returns what the host offers, without what has failed. */
    QemuHost look() {
        QemuHost host = look.get();
        return kvm ? host : host.withoutKvm();
    }

    void kvmFailed() {
        kvm = false;
    }
}
