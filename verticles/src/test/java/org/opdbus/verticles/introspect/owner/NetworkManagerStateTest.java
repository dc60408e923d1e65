// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.introspect.owner;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.dbus.wire.ObjectPath;
import org.opdbus.verticles.introspect.owner.NetworkManagerState.Properties;

/**
 * Which links are NetworkManager's by what it says. The types are those of NetworkManager 1.42.4; deploy/owners-test.sh asks a
 * real one.
 */
final class NetworkManagerStateTest {
    private static final ObjectPath DEVICE = new ObjectPath("/org/freedesktop/NetworkManager/Devices/2");
    private static final ObjectPath ACTIVE = new ObjectPath("/org/freedesktop/NetworkManager/ActiveConnection/3");
    private static final ObjectPath SETTINGS = new ObjectPath("/org/freedesktop/NetworkManager/Settings/1");
    private static final long ACTIVATED = 100;

    private static List<Claim> claims(
            Map<String, Object> device, Map<String, Object> active, Map<String, Object> settings) {
        return new NetworkManagerState(
                        Map.of(DEVICE, new Properties(device)),
                        Map.of(ACTIVE, new Properties(active)),
                        Map.of(SETTINGS, new Properties(settings)))
                .claims(Set.of("eth0", "wwan0"));
    }

    private static Map<String, Object> device(boolean managed, long state, ObjectPath active) {
        return Map.of(
                "Interface",
                "eth0",
                "IpInterface",
                "eth0",
                "Managed",
                managed,
                "State",
                state,
                "ActiveConnection",
                active);
    }

    private static Map<String, Object> active(long flags) {
        return Map.of("Id", "the office", "Uuid", "458c3810", "StateFlags", flags, "Connection", SETTINGS);
    }

    @Test
    void a_connection_is_shown_with_its_file() {
        assertThat(claims(
                        device(true, ACTIVATED, ACTIVE), active(0x4c), Map.of("Filename", "/etc/office.nmconnection")))
                .containsExactly(new Claim(
                        "eth0",
                        Owner.NETWORK_MANAGER,
                        "connection \"the office\" (458c3810)",
                        "/etc/office.nmconnection"));
    }

    @Test
    void one_in_memory_is_shown_by_its_object() {
        assertThat(claims(device(true, ACTIVATED, ACTIVE), active(0x4c), Map.of("Filename", "")))
                .extracting(Claim::evidence)
                .containsExactly("D-Bus object " + SETTINGS);
    }

    @Test
    void a_connection_of_another_program_is_no_claim() {
        assertThat(claims(device(true, ACTIVATED, ACTIVE), active(0xcc), Map.of()))
                .isEmpty();
    }

    @Test
    void a_device_that_is_not_managed_is_no_claim() {
        assertThat(claims(device(false, 10, ObjectPath.ROOT), Map.of(), Map.of()))
                .isEmpty();
        assertThat(claims(device(true, 10, ObjectPath.ROOT), Map.of(), Map.of()))
                .isEmpty();
    }

    @Test
    void a_managed_device_without_a_connection_is_its_own() {
        assertThat(claims(device(true, 30, ObjectPath.ROOT), Map.of(), Map.of()))
                .containsExactly(new Claim(
                        "eth0",
                        Owner.NETWORK_MANAGER,
                        "managed, without an active connection",
                        "D-Bus object " + DEVICE));
    }

    @Test
    void properties_of_other_types_count_as_missing() {
        assertThat(claims(Map.of("Interface", 5, "Managed", "yes", "State", "up"), Map.of("Id", 1), Map.of()))
                .isEmpty();
        assertThat(claims(device(true, ACTIVATED, ACTIVE), Map.of("Connection", "text", "StateFlags", "x"), Map.of()))
                .extracting(Claim::evidence)
                .containsExactly("D-Bus object unknown");
    }
}
