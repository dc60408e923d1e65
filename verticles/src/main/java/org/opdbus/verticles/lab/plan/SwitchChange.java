// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.plan;

import java.util.List;

/** A change of a lab's bridges, ports and mirrors. */
public sealed interface SwitchChange {
    /** Returns the name of the bridge. */
    String bridge();

    /** A bridge is made. */
    record AddBridge(String bridge) implements SwitchChange {}

    /** A bridge is removed, with all its ports and mirrors. */
    record RemoveBridge(String bridge) implements SwitchChange {}

    /**
     * A port is made.
     *
     * @param internal whether Open vSwitch makes the link of the port as well
     */
    record AddPort(String bridge, String port, int tag, List<Integer> trunks, boolean internal)
            implements SwitchChange {
        public AddPort {
            trunks = List.copyOf(trunks);
        }
    }

    /** A port is removed. */
    record RemovePort(String bridge, String port) implements SwitchChange {}

    /** A port gets other VLANs. */
    record TagPort(String bridge, String port, int tag, List<Integer> trunks) implements SwitchChange {
        public TagPort {
            trunks = List.copyOf(trunks);
        }
    }

    /** All frames of a port are copied to another one; both are there, or are made with the same transaction. */
    record AddMirror(String bridge, String mirror, String selected, String output) implements SwitchChange {}

    /** Frames are no longer copied. */
    record RemoveMirror(String bridge, String mirror) implements SwitchChange {}
}
