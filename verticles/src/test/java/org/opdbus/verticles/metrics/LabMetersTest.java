// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.inventory.HostFacts;
import org.opdbus.verticles.inventory.Inventory;
import org.opdbus.verticles.inventory.KnownLab;
import org.opdbus.verticles.inventory.KnownLab.Endpoint;
import org.opdbus.verticles.inventory.KnownLab.Lan;
import org.opdbus.verticles.inventory.KnownLab.Place;
import org.opdbus.verticles.inventory.SnapshotMap;

class LabMetersTest {
    private final Meters meters = new Meters();

    @AfterEach
    void close() {
        meters.close();
    }

    private static Inventory with(KnownLab... labs) {
        Inventory empty = Inventory.of(HostFacts.atStart("here", "1", Instant.EPOCH));
        SnapshotMap<String, KnownLab> all = SnapshotMap.empty();
        for (KnownLab lab : labs) {
            all = all.with(lab.name(), lab);
        }
        return new Inventory(
                1,
                empty.host(),
                empty.containers(),
                empty.links(),
                empty.ports(),
                empty.bridges(),
                empty.enrollments(),
                empty.peers(),
                all,
                empty.tally());
    }

    private static KnownLab lab(String name, boolean running, boolean settled) {
        Optional<Place> place = Optional.of(new Place("lan01", 0, List.of()));
        return new KnownLab(
                name,
                "cloonix_" + name,
                running,
                settled,
                List.of(
                        new Endpoint("_k_1_0", "a", "kvm", "running", 0, false, "", place, 3, ""),
                        new Endpoint("_k_1_1", "a", "kvm", "running", 1, false, "", Optional.empty(), 0, ""),
                        new Endpoint("_k_2_0", "b", "kvm", "absent", 0, false, "", place, 0, "it does not run")),
                List.of(new Lan("lan01", "_b_lan01", true, 2, 0)),
                Map.of());
    }

    @Test
    void sums_over_labs_that_run_follow_the_inventory() {
        meters.take(with(lab("one", true, true), lab("two", true, false), lab("three", false, true)));
        assertThat(meters.text())
                .contains(
                        "op_dbus_labs{state=\"settled\"} 1.0",
                        "op_dbus_labs{state=\"unsettled\"} 1.0",
                        "op_dbus_labs{state=\"stopped\"} 1.0",
                        "op_dbus_lab_endpoints{state=\"live\"} 2.0",
                        "op_dbus_lab_endpoints{state=\"waiting\"} 2.0",
                        "op_dbus_lab_endpoints{state=\"free\"} 2.0",
                        "op_dbus_lab_items 4.0",
                        "op_dbus_lab_lans 2.0");

        meters.take(with());
        assertThat(meters.text())
                .contains(
                        "op_dbus_labs{state=\"settled\"} 0.0",
                        "op_dbus_lab_endpoints{state=\"live\"} 0.0",
                        "op_dbus_lab_items 0.0",
                        "op_dbus_lab_lans 0.0");
    }
}
