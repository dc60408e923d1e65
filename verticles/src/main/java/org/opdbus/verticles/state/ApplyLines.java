// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.state;

import java.util.Locale;
import org.opdbus.events.ContainerId;
import org.opdbus.events.ContainerId.Kind;
import org.opdbus.verticles.state.ContainerChange.Change;
import org.opdbus.verticles.state.ContainerChange.Create;
import org.opdbus.verticles.state.ContainerChange.Delete;
import org.opdbus.verticles.state.ContainerChange.Modify;

/** The messages of an apply, in words. */
final class ApplyLines {
    private static final String PREFIX = "properties.";

    private ApplyLines() {}

    /** Returns the lines about this change of a container. */
    static String changed(ContainerState wanted, Change change) {
        String link = wanted.veth().orElse("its link");
        String after = change.after().map(Object::toString).orElse("");
        return switch (change.key()) {
            case "running" -> (after.equals("true") ? "Started container " : "Stopped container ") + wanted.id();
            case "veth" -> "Renamed veth to " + after;
            case "bridge" ->
                after.isEmpty() ? "Took " + link + " off its bridge" : "Added " + link + " to bridge " + after;
            case PREFIX + "vlan" ->
                after.isEmpty() ? "Took " + link + " out of its VLAN" : "Put " + link + " into VLAN " + after;
            default ->
                after.isEmpty()
                        ? "Reset " + key(change) + " of " + word(wanted.id()) + " " + wanted.id()
                        : "Set " + key(change) + " of " + word(wanted.id()) + " " + wanted.id() + " to " + after;
        };
    }

    /** Returns what an apply would do. */
    static String planned(ContainerChange change) {
        if (change instanceof Create create) {
            return "Would create container " + create.id() + (create.desired().running() ? " and start it" : "");
        }
        if (change instanceof Delete delete && StateDiff.isAttachment(change.id())) {
            return "Would take back the entry of " + word(change.id()) + " " + change.id() + ": " + delete.why();
        }
        if (change instanceof Delete delete) {
            return "Would destroy container " + delete.id() + ": " + delete.why();
        }
        StringBuilder line = new StringBuilder("Would change " + word(change.id()) + " " + change.id() + ":");
        ((Modify) change)
                .changes()
                .forEach(one -> line.append(line.charAt(line.length() - 1) == ':' ? " " : ", ")
                        .append(key(one))
                        .append(" from ")
                        .append(one.before().map(Object::toString).orElse("nothing"))
                        .append(" to ")
                        .append(one.after().map(Object::toString).orElse("nothing")));
        return line.toString();
    }

    /** Describes the status of a container for a user who waited for another one. */
    static String standing(LiveContainer live) {
        String phase = live.phase().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return (live.running() ? "it runs and is " : "it does not run and is ")
                + phase
                + (live.why().isEmpty() ? "" : ": " + live.why());
    }

    /** Returns what a workload of its kind is called within a sentence. */
    static String word(ContainerId id) {
        return id.kind() == Kind.VM ? "machine" : "container";
    }

    /** Returns a workload at the beginning of a sentence. */
    static String name(ContainerId id) {
        return (id.kind() == Kind.VM ? "Machine " : "Container ") + id;
    }

    private static String key(Change change) {
        return change.key().startsWith(PREFIX) ? change.key().substring(PREFIX.length()) : change.key();
    }
}
