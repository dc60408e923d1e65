// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import org.opdbus.config.EnrollmentConfig;
import org.opdbus.config.NamingConfig;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.reconcile.Intent;
import org.opdbus.verticles.reconcile.Intent.Naming;
import org.opdbus.verticles.reconcile.Policy;

/** What the configuration wants for containers that nobody named. */
final class ConfiguredPolicy implements Policy {
    private final EnrollmentConfig enrollment;
    private final Naming naming;

    ConfiguredPolicy(EnrollmentConfig enrollment, NamingConfig naming) {
        this.enrollment = enrollment;
        this.naming = switch (naming.mode()) {
            case AUTO -> Naming.AUTO;
            case RENAME -> Naming.RENAME;
            case ALTNAME -> Naming.ALTNAME;
            case OFF -> Naming.OFF;
        };
    }

    @Override
    public Intent intentFor(ContainerId container) {
        return enrollment.automatic() && !enrollment.ignores(container.value())
                ? Intent.automatic(enrollment.bridge(), naming)
                : Intent.leaveAlone();
    }
}
