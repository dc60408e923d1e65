// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import java.util.ArrayList;
import java.util.List;
import org.opdbus.verticles.testing.Links;

/** Ports of links that belong to no container, which make a bridge large. */
final class StrangerPorts {
    private static final int AT_ONCE = 100;

    private final BenchHost host;
    private final SwitchWatch ports;
    private int present;

    StrangerPorts(BenchHost host, SwitchWatch ports) {
        this.host = host;
        this.ports = ports;
    }

    /** Adds or removes ports until so many are present, and live. */
    void set(int wanted) {
        while (present < wanted) {
            int to = Math.min(wanted, present + AT_ONCE);
            add(present, to);
            present = to;
        }
        while (present > wanted) {
            int from = Math.max(wanted, present - AT_ONCE);
            remove(host, "fill", from, present);
            present = from;
        }
        if (wanted == 0) {
            ports.awaitGone("fill.*");
        } else {
            ports.awaitLive("fill.*", wanted);
            ports.awaitGone("fill" + wanted);
        }
    }

    private void add(int from, int to) {
        List<String> made = new ArrayList<>();
        List<String> added = new ArrayList<>();
        for (int n = from; n < to; n++) {
            made.add("link add fill" + n + " type veth peer name llif" + n);
            added.addAll(List.of("--", "add-port", TestHost.BRIDGE, "fill" + n));
        }
        Links.batch(made);
        host.scene.ovs.vsctl(added.toArray(String[]::new));
    }

    /** Removes ports with this name and these numbers from the bridge, and deletes their links. */
    static void remove(BenchHost host, String name, int from, int to) {
        List<String> removed = new ArrayList<>();
        List<String> deleted = new ArrayList<>();
        for (int n = from; n < to; n++) {
            removed.addAll(List.of("--", "del-port", TestHost.BRIDGE, name + n));
            deleted.add("link del " + name + n);
        }
        host.scene.ovs.vsctl(removed.toArray(String[]::new));
        Links.batch(deleted);
    }
}
