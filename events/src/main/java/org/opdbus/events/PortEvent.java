// SPDX-License-Identifier: Apache-2.0
package org.opdbus.events;

/** What Open vSwitch's database said about bridges and ports. Not recorded: most ports are none of the agent's. */
public sealed interface PortEvent extends Event {
    @Override
    default boolean recorded() {
        return false;
    }

    /** A bridge exists. */
    record BridgeAdded(Bridge bridge) implements PortEvent {
        @Override
        public String subject() {
            return bridge.name();
        }
    }

    /** A bridge is no longer as it was. */
    record BridgeChanged(Bridge before, Bridge bridge) implements PortEvent {
        @Override
        public String subject() {
            return bridge.name();
        }
    }

    /** A bridge is gone. */
    record BridgeRemoved(Bridge bridge) implements PortEvent {
        @Override
        public String subject() {
            return bridge.name();
        }
    }

    /** A port exists on a bridge. */
    record PortAdded(Port port) implements PortEvent {
        @Override
        public String subject() {
            return port.name();
        }
    }

    /** A port, its interface or its bridge is no longer as it was; its row is the same. */
    record PortChanged(Port before, Port port) implements PortEvent {
        @Override
        public String subject() {
            return port.name();
        }
    }

    /** A port is gone from the database or from every bridge. */
    record PortRemoved(Port port) implements PortEvent {
        @Override
        public String subject() {
            return port.name();
        }
    }
}
