// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.lab;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.opdbus.agent.cli.output.CannotRunException;
import org.opdbus.config.AgentConfig;
import org.opdbus.verticles.lab.definition.LabChecks;
import org.opdbus.verticles.lab.definition.LabRefusal;
import org.opdbus.verticles.lab.process.LabFolders;

/** Runs a tool of Open vSwitch on the Open vSwitch of a lab, in place of this command. It needs no agent. */
final class LabTools {
    private static final Map<String, String> TOOLS =
            Map.of("vsctl", "ovs-vsctl", "ofctl", "ovs-ofctl", "appctl", "ovs-appctl");

    private LabTools() {}

    static boolean isOne(String verb) {
        return TOOLS.containsKey(verb);
    }

    /** Returns the exit status of the tool. */
    static int run(String verb, String lab, List<String> arguments, AgentConfig config) {
        Path folder = folder(lab, config);
        List<String> command = new ArrayList<>(List.of(TOOLS.getOrDefault(verb, verb)));
        if (verb.equals("vsctl")) {
            command.add("--db=unix:" + folder.resolve("db.sock"));
        } else if (verb.equals("appctl")
                && arguments.stream().noneMatch(word -> word.startsWith("-t") || word.startsWith("--target"))) {
            command.add("--target=" + folder.resolve("ovs-vswitchd.ctl"));
        }
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        // By it ovs-ofctl finds the socket of a bridge.
        builder.environment().put("OVS_RUNDIR", folder.toString());
        try {
            return builder.start().waitFor();
        } catch (IOException failure) {
            throw new CannotRunException(
                    "cannot run " + command.get(0) + ": " + failure.getMessage()
                            + "; it is in the package openvswitch-switch or openvswitch-common",
                    failure);
        } catch (InterruptedException failure) {
            Thread.currentThread().interrupt();
            throw new CannotRunException("interrupted while " + command.get(0) + " ran", failure);
        }
    }

    private static Path folder(String lab, AgentConfig config) {
        try {
            LabChecks.lab(lab);
        } catch (LabRefusal refusal) {
            throw new CannotRunException(refusal.getMessage() + "; " + refusal.remedy(), refusal);
        }
        LabFolders folders = LabFolders.below(config.runtime().dir().toAbsolutePath());
        if (!Files.exists(folders.databaseSocket(lab))) {
            throw new CannotRunException("the lab " + lab
                    + " does not run, or you are not root; start it first: op-dbus lab " + lab + " start");
        }
        return folders.of(lab);
    }
}
