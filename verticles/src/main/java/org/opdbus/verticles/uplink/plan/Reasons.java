// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.plan;

import java.util.ArrayList;
import java.util.List;
import org.opdbus.verticles.uplink.plan.UplinkRefusal.Reason;

/** Collects the reasons against a move. */
final class Reasons {
    private final List<Reason> all = new ArrayList<>();

    void add(String why, String remedy) {
        all.add(new Reason(why, remedy));
    }

    void addIf(boolean applies, String why, String remedy) {
        if (applies) {
            add(why, remedy);
        }
    }

    List<Reason> all() {
        return List.copyOf(all);
    }
}
