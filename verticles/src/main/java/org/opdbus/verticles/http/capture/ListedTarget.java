// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.capture;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.opdbus.verticles.capture.CaptureOptions.Port;
import org.opdbus.verticles.http.capture.CaptureQuery.Name;

/**
 * Links that belong together and can be captured together.
 *
 * @param namespaceFile the network namespace in which they are; empty for that of this process
 * @param namespace the number of the namespace's inode; 0 if it is not known
 */
record ListedTarget(Name name, Optional<Path> namespaceFile, long namespace, List<Port> ports) {
    ListedTarget {
        ports = List.copyOf(ports);
    }

    /** Returns a part of it. */
    ListedTarget with(String partName, List<Port> part) {
        return new ListedTarget(new Name(name.type(), partName), namespaceFile, namespace, part);
    }

    /** Returns the element of {@code /mobyshark}; Wireshark shows the prefix and the name. */
    JsonObject json() {
        boolean isContainer = name.type().equals(CaptureTargets.CONTAINER);
        return new JsonObject()
                .put("name", name.name())
                .put("type", name.type())
                .put("prefix", isContainer ? "" : name.type())
                .put("netns", namespace)
                .put(
                        "network-interfaces",
                        new JsonArray(ports.stream().map(Port::name).toList()));
    }
}
