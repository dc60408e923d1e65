// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.plan;

import java.util.List;
import java.util.Map;
import org.opdbus.verticles.lab.definition.LabItem;
import org.opdbus.verticles.lab.definition.LabMachine;

/**
 * What is there of a lab.
 *
 * @param switchRuns whether its namespace is there, and its ovsdb-server and ovs-vswitchd run in it; without them the rest is empty
 * @param links the links in the namespace by name
 * @param lans the bridges by name
 * @param machines the machines that run, by the name of the item
 * @param settings the settings that running machines have, where these can change while they run, by the name of the item
 */
public record LabPicture(
        boolean switchRuns,
        Map<String, LabLink> links,
        Map<String, LanBridge> lans,
        Map<String, MachineState> machines,
        Map<String, LabMachine> settings) {
    public LabPicture {
        links = Map.copyOf(links);
        lans = Map.copyOf(lans);
        machines = Map.copyOf(machines);
        settings = Map.copyOf(settings);
    }

    /** A picture in which no settings can change. */
    public LabPicture(
            boolean switchRuns,
            Map<String, LabLink> links,
            Map<String, LanBridge> lans,
            Map<String, MachineState> machines) {
        this(switchRuns, links, lans, machines, Map.of());
    }

    /** Returns whether the machine of an item has other settings than the item says. */
    boolean hasOtherSettings(LabItem item) {
        LabMachine has = settings.get(item.name());
        return has != null && !has.equals(item.machine());
    }

    /**
     * A link in the namespace.
     *
     * @param up whether it is administratively up
     * @param checksumsFinished whether it finishes the checksums of what it sends
     */
    public record LabLink(String name, String kind, String mac, boolean up, boolean checksumsFinished) {}

    /** A bridge of Open vSwitch, with its ports and mirrors by name. */
    public record LanBridge(String name, Map<String, LanPort> ports, Map<String, LanMirror> mirrors) {
        public LanBridge {
            ports = Map.copyOf(ports);
            mirrors = Map.copyOf(mirrors);
        }
    }

    /**
     * A port of a bridge.
     *
     * @param ofport its OpenFlow number; 0 if Open vSwitch has not told it yet, negative if it failed
     * @param error what Open vSwitch says about it, or empty
     */
    public record LanPort(String name, int tag, List<Integer> trunks, int ofport, String error) {
        public LanPort {
            trunks = List.copyOf(trunks);
        }
    }

    /**
     * A mirror of a bridge.
     *
     * @param selected the name of the port whose frames it copies, or empty if that port is gone
     * @param output the name of the port to which it copies them, or empty
     */
    public record LanMirror(String name, String selected, String output) {}

    /** How a machine is. */
    public enum MachineState {
        /** It runs. */
        RUNNING,
        /** It is about to run or to end. */
        CHANGING,
        /** It ended by itself, such as by {@code poweroff}; it is not started again by itself. */
        ENDED
    }
}
