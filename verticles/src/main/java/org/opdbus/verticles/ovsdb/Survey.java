// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.ovsdb;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.opdbus.events.Bridge;

/**
 * The content of Open vSwitch's database at one moment.
 *
 * @param asked how many times ovs-vswitchd was asked to act on a change ({@code next_cfg})
 * @param done the last of these requests on which it has acted ({@code cur_cfg})
 * @param version the version that Open vSwitch reports, if any
 */
public record Survey(List<Bridge> bridges, List<SeenPort> ports, long asked, long done, Optional<String> version) {
    public Survey {
        bridges = List.copyOf(bridges);
        ports = List.copyOf(ports);
    }

    /**
     * A port as it was read.
     *
     * @param bridge the bridge that contains it
     * @param interfaces usually one; a bond has several
     */
    public record SeenPort(
            String uuid, String name, String bridge, Map<String, String> externalIds, List<SeenInterface> interfaces) {
        public SeenPort {
            externalIds = Map.copyOf(externalIds);
            interfaces = List.copyOf(interfaces);
        }

        /**
         * Returns whether this is the same port of the same owner, regardless of the values that
         * ovs-vswitchd reports for it.
         */
        public boolean isStill(SeenPort other) {
            return uuid.equals(other.uuid)
                    && name.equals(other.name)
                    && bridge.equals(other.bridge)
                    && externalIds.equals(other.externalIds)
                    && interfaces.stream()
                            .map(SeenInterface::identity)
                            .toList()
                            .equals(other.interfaces.stream()
                                    .map(SeenInterface::identity)
                                    .toList());
        }
    }

    /**
     * An interface of a port.
     *
     * @param type empty or {@code system} for a link of the kernel; {@code internal}, {@code
     * patch}, {@code vxlan}, …
     * @param ofport the OpenFlow number; -1 if ovs-vswitchd could not make it, 0 if it has reported
     * nothing
     * @param error the error that ovs-vswitchd reports
     */
    public record SeenInterface(String uuid, String name, String type, int ofport, Optional<String> error) {
        /**
         * Returns whether it is a link that another program made in the kernel, and not one that
         * Open vSwitch makes itself.
         */
        public boolean isKernelLink() {
            return type.isEmpty() || type.equals("system");
        }

        private String identity() {
            return uuid + ' ' + name + ' ' + type;
        }
    }
}
