// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.ovsdb;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.opdbus.events.Bridge;

/**
 * What stood in Open vSwitch's database at one moment.
 *
 * @param asked how many times ovs-vswitchd was asked to act on a change ({@code next_cfg})
 * @param done up to which of them it has acted ({@code cur_cfg})
 * @param version what Open vSwitch says of itself, if it does
 */
public record Survey(List<Bridge> bridges, List<SeenPort> ports, long asked, long done, Optional<String> version) {
    public Survey {
        bridges = List.copyOf(bridges);
        ports = List.copyOf(ports);
    }

    /**
     * A port as it was seen.
     *
     * @param bridge the bridge that holds it
     * @param interfaces one, as a rule; those of a bond are several
     */
    public record SeenPort(
            String uuid, String name, String bridge, Map<String, String> externalIds, List<SeenInterface> interfaces) {
        public SeenPort {
            externalIds = Map.copyOf(externalIds);
            interfaces = List.copyOf(interfaces);
        }

        /** The same port of the same owner, whatever ovs-vswitchd says of it meanwhile. */
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
     * @param type empty or {@code system} for a link of the kernel; {@code internal}, {@code patch}, {@code vxlan}, …
     * @param ofport the OpenFlow number; -1 if ovs-vswitchd could not make it, 0 if it has said nothing
     * @param error what ovs-vswitchd says went wrong
     */
    public record SeenInterface(String uuid, String name, String type, int ofport, Optional<String> error) {
        /** Whether it is a link that somebody else made in the kernel, and not one of Open vSwitch's own making. */
        public boolean isKernelLink() {
            return type.isEmpty() || type.equals("system");
        }

        private String identity() {
            return uuid + ' ' + name + ' ' + type;
        }
    }
}
