// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.introspect.owner;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.opdbus.verticles.dbus.wire.ObjectPath;

/**
 * What NetworkManager says of its objects, and which links are its own by that.
 *
 * <p>A device is its own when it manages it, unless its connection is one that NetworkManager only shows because another program
 * has configured the link ({@code NM_ACTIVATION_STATE_FLAG_EXTERNAL}), such as the bridge of Docker.
 *
 * @param devices the devices by object
 * @param actives the active connections
 * @param settings the connections that these are made from
 */
record NetworkManagerState(
        Map<ObjectPath, Properties> devices,
        Map<ObjectPath, Properties> actives,
        Map<ObjectPath, Properties> settings) {
    /** NMDeviceState: of unknown state, or unmanaged. */
    private static final long UNMANAGED_MAX = 10;
    /** NMActivationStateFlags. */
    private static final long EXTERNAL = 0x80;

    /** The properties of an object; one of another type than expected counts as missing. */
    record Properties(Map<String, Object> values) {
        boolean has(String name) {
            return values.containsKey(name);
        }

        String text(String name) {
            return values.get(name) instanceof String text ? text : "";
        }

        long number(String name) {
            return values.get(name) instanceof Number number ? number.longValue() : 0;
        }

        boolean truth(String name) {
            return Boolean.TRUE.equals(values.get(name));
        }

        Optional<ObjectPath> path(String name) {
            return values.get(name) instanceof ObjectPath path && !path.equals(ObjectPath.ROOT)
                    ? Optional.of(path)
                    : Optional.empty();
        }

        List<ObjectPath> paths(String name) {
            List<ObjectPath> paths = new ArrayList<>();
            if (values.get(name) instanceof Collection<?> all) {
                for (Object each : all) {
                    if (each instanceof ObjectPath path) {
                        paths.add(path);
                    }
                }
            }
            return paths;
        }
    }

    /** Returns whether a device in this state is managed. */
    static boolean isManaged(Object state) {
        return state instanceof Number number && number.longValue() > UNMANAGED_MAX;
    }

    /** Returns the claims on these links. */
    List<Claim> claims(Set<String> links) {
        List<Claim> claims = new ArrayList<>();
        devices.forEach((path, device) -> {
            if (device.truth("Managed") && isManaged(device.number("State"))) {
                // A modem has two names; its packets go over the second.
                for (String name : new TreeSet<>(List.of(device.text("Interface"), device.text("IpInterface")))) {
                    if (links.contains(name)) {
                        claim(name, path, device).ifPresent(claims::add);
                    }
                }
            }
        });
        return claims;
    }

    private Optional<Claim> claim(String link, ObjectPath path, Properties device) {
        Optional<Properties> active = device.path("ActiveConnection").map(actives::get);
        if (active.isEmpty()) {
            return Optional.of(new Claim(
                    link, Owner.NETWORK_MANAGER, "managed, without an active connection", "D-Bus object " + path));
        }
        return active.filter(connection -> (connection.number("StateFlags") & EXTERNAL) == 0)
                .map(connection -> new Claim(
                        link,
                        Owner.NETWORK_MANAGER,
                        "connection \"" + connection.text("Id") + "\" (" + connection.text("Uuid") + ")",
                        evidence(connection)));
    }

    /** The file of a connection, or its object if it is in memory only. */
    private String evidence(Properties active) {
        Optional<ObjectPath> connection = active.path("Connection");
        return connection
                .map(settings::get)
                .map(found -> found.text("Filename"))
                .filter(file -> !file.isEmpty())
                .orElseGet(() ->
                        "D-Bus object " + connection.map(ObjectPath::value).orElse("unknown"));
    }
}
