// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.doctor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.opdbus.config.LxcConfig.Driver;

/** Whether there is an LXC to watch, and the programs that create and start containers. */
final class LxcCheck implements Check {
    private static final String NAME = "lxc";
    private static final List<String> LXC_PROGRAMS = List.of("lxc-create", "lxc-start", "lxc-stop", "lxc-destroy");
    private static final List<String> PCT_PROGRAMS = List.of("pct");

    @Override
    public List<Finding> examine(Patient patient) {
        List<Finding> findings = new ArrayList<>();
        Path path = patient.config().lxc().path();
        if (!Files.isDirectory(path)) {
            findings.add(Finding.problem(
                    NAME,
                    "there is no folder " + path,
                    "containers in another folder are not seen",
                    "install LXC (apt-get install lxc), or set lxc.path to the folder that has the containers"));
        } else if (!Files.isReadable(path)) {
            findings.add(Finding.problem(
                    NAME, path + " may not be read", "the containers in it are not seen", "run op-dbus as root"));
        }
        boolean pct = driver(patient) == Driver.PCT;
        List<String> missing = (pct ? PCT_PROGRAMS : LXC_PROGRAMS)
                .stream().filter(program -> !isFound(patient, program)).toList();
        if (!missing.isEmpty()) {
            findings.add(Finding.problem(
                    NAME,
                    "not found: " + String.join(", ", missing),
                    "containers are enrolled all the same; they can't be created, started or stopped by op-dbus",
                    pct ? "set lxc.driver to lxc where there is no Proxmox VE" : "apt-get install lxc"));
        }
        if (findings.isEmpty()) {
            findings.add(Finding.ok(NAME, "containers in " + path + ", by " + (pct ? "pct" : "LXC's own programs")));
        }
        return findings;
    }

    private static Driver driver(Patient patient) {
        Driver configured = patient.config().lxc().driver();
        if (configured != Driver.AUTO) {
            return configured;
        }
        return isFound(patient, "pct") ? Driver.PCT : Driver.LXC;
    }

    private static boolean isFound(Patient patient, String program) {
        return patient.programs().stream().anyMatch(folder -> Files.isExecutable(folder.resolve(program)));
    }
}
