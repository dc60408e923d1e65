// SPDX-License-Identifier: Apache-2.0
package org.opdbus.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class DBusConfigTest {
    @Test
    void a_name_that_is_given_twice_counts_once() {
        assertThat(new DBusConfig(List.of("org.opdbus", "org.opdbus"), "unix:path=/x", "op-dbus", false).names())
                .containsExactly("org.opdbus");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "unix:path=/run/dbus/system_bus_socket",
                "unix:path=/tmp/with%20blank",
                "unix:abstract=/tmp/dbus-AbC",
                "unix:abstract=x"
            })
    void an_address_is_a_socket_of_this_host(String address) {
        assertThat(DBusConfig.ADDRESS.violation(address)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "unix:",
                "/run/dbus/system_bus_socket",
                "unix:path=run/dbus",
                "unix:path=/a;unix:path=/b",
                "unix:path=/a,guid=00000000000000000000000000000000",
                "unix:path=/a b",
                "unix:path=/a%2",
                "unix:path=/a%00b",
                "unix:tmpdir=/tmp",
                "tcp:host=127.0.0.1,port=4000",
                "unixexec:path=/bin/sh",
                "autolaunch:"
            })
    void another_address_is_refused(String address) {
        assertThat(DBusConfig.ADDRESS.violation(address)).isPresent();
    }

    @Test
    void a_socket_whose_name_is_too_long_for_the_kernel_is_refused() {
        assertThat(DBusConfig.ADDRESS.violation("unix:path=/" + "x".repeat(106)))
                .isEmpty();
        assertThat(DBusConfig.ADDRESS.violation("unix:path=/" + "x".repeat(107)))
                .isPresent();
        assertThat(DBusConfig.ADDRESS.violation("unix:path=/" + "%20".repeat(106)))
                .isEmpty();
        assertThat(DBusConfig.ADDRESS.violation("unix:abstract=" + "x".repeat(107)))
                .isPresent();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "a b", "Group", "x:y", "a\u0000"})
    void what_is_no_name_of_a_group_is_refused(String group) {
        assertThatThrownBy(() -> new DBusConfig(List.of(), "unix:path=/x", group, false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("group: must be the name of a group");
    }
}
