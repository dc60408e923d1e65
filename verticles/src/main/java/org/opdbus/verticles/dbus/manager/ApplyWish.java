// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.manager;

import java.util.Map;
import org.opdbus.verticles.dbus.wire.BusErrorException;
import org.opdbus.verticles.dbus.wire.Variant;
import org.opdbus.verticles.dbus.work.HostWork.Wish;

/** Reads the options of {@code Apply}: {@code dry-run} and {@code prune}, both {@code b}. */
final class ApplyWish {
    private static final String DRY_RUN = "dry-run";
    private static final String PRUNE = "prune";

    private ApplyWish() {}

    static Wish of(Map<?, ?> options) {
        options.forEach((name, value) -> {
            if (!DRY_RUN.equals(name) && !PRUNE.equals(name)) {
                throw BusErrorException.standard("InvalidArgs", "the options are dry-run and prune");
            }
            if (!(value instanceof Variant variant) || !(variant.value() instanceof Boolean)) {
                throw BusErrorException.standard("InvalidArgs", "the option " + name + " must be a boolean");
            }
        });
        return new Wish(isSet(options, DRY_RUN), isSet(options, PRUNE));
    }

    private static boolean isSet(Map<?, ?> options, String name) {
        return options.get(name) instanceof Variant variant && variant.value().equals(true);
    }
}
