// SPDX-License-Identifier: Apache-2.0
package org.opdbus.events;

/**
 * A fact from Open vSwitch's database about bridges and ports. The ledger does not record these
 * facts, because most ports do not belong to the agent.
 */
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

    /** A bridge has changed. */
    record BridgeChanged(Bridge before, Bridge bridge) implements PortEvent {
        @Override
        public String subject() {
            return bridge.name();
        }
    }

    /** A bridge no longer exists. */
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

    /** A port, its interface or its bridge has changed; the row is the same. */
    record PortChanged(Port before, Port port) implements PortEvent {
        @Override
        public String subject() {
            return port.name();
        }
    }

    /** A port was removed from the database or from every bridge. */
    record PortRemoved(Port port) implements PortEvent {
        @Override
        public String subject() {
            return port.name();
        }
    }
}
