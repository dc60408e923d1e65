// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.doctor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.opdbus.config.LxcConfig.Driver;
import org.opdbus.verticles.driver.lxc.ContainerFolders;

/** Checks whether LXC is installed, and the programs that create and start containers. */
final class LxcCheck implements Check {
    private static final String NAME = "lxc";
    private static final long VERSION_LIMIT_S = 10;
    private static final int VERSION_BYTES_MAX = 64;
    private static final List<String> LXC_PROGRAMS = List.of("lxc-create", "lxc-start", "lxc-stop", "lxc-destroy");
    private static final List<String> PCT_PROGRAMS = List.of("pct");

    @Override
    public List<CheckResult> examine(HostSnapshot patient) {
        List<CheckResult> findings = new ArrayList<>();
        Path path = patient.config().lxc().path();
        if (!Files.isDirectory(path)) {
            findings.add(CheckResult.problem(
                    NAME,
                    "there is no folder " + path,
                    "the agent does not see containers in another folder",
                    "install LXC (apt-get install lxc), or set lxc.path to the folder that has the containers"));
        } else if (!Files.isReadable(path)) {
            findings.add(CheckResult.problem(
                    NAME,
                    path + " cannot be read",
                    "the agent does not see the containers in it",
                    "run op-dbus as root"));
        }
        leftOut(path).ifPresent(findings::add);
        boolean pct = driver(patient) == Driver.PCT;
        List<String> missing = (pct ? PCT_PROGRAMS : LXC_PROGRAMS)
                .stream().filter(program -> !isFound(patient, program)).toList();
        if (!missing.isEmpty()) {
            findings.add(CheckResult.problem(
                    NAME,
                    "not found: " + String.join(", ", missing),
                    "the agent still enrols containers, but op-dbus cannot create, start or stop " + "them",
                    pct ? "on a host without Proxmox VE, set lxc.driver to lxc" : "apt-get install lxc"));
        }
        if (findings.isEmpty()) {
            findings.add(CheckResult.ok(
                    NAME,
                    "containers in " + path + ", by " + (pct ? "pct" : "LXC's own programs")
                            + version(patient)
                                    .map(version -> ", LXC " + version)
                                    .orElse("")));
        }
        return findings;
    }

    /** Returns a finding about folders that the agent ignores, because no container can have their name. */
    private static Optional<CheckResult> leftOut(Path path) {
        try {
            List<String> names = ContainerFolders.in(path).leftOut();
            return names.isEmpty()
                    ? Optional.empty()
                    : Optional.of(CheckResult.warning(
                            NAME,
                            "folders in " + path + " whose names no container can have: " + String.join(", ", names),
                            "op-dbus ignores them",
                            "rename them, or run the agent in a locale that has these letters (LC_ALL=C.UTF-8)"));
        } catch (IOException unreadable) {
            // Another finding reports it.
            return Optional.empty();
        }
    }

    private static Driver driver(HostSnapshot patient) {
        Driver configured = patient.config().lxc().driver();
        if (configured != Driver.AUTO) {
            return configured;
        }
        return isFound(patient, "pct") ? Driver.PCT : Driver.LXC;
    }

    /** Returns the version that lxc-start prints, if it exists and prints one. */
    private static Optional<String> version(HostSnapshot patient) {
        Optional<Path> program = patient.programs().stream()
                .map(folder -> folder.resolve("lxc-start"))
                .filter(Files::isExecutable)
                .findFirst();
        if (program.isEmpty()) {
            return Optional.empty();
        }
        try {
            Process process = new ProcessBuilder(program.get().toString(), "--version")
                    .redirectErrorStream(true)
                    .redirectInput(Path.of("/dev/null").toFile())
                    .start();
            if (!process.waitFor(VERSION_LIMIT_S, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return Optional.empty();
            }
            String said = new String(process.getInputStream().readNBytes(VERSION_BYTES_MAX), StandardCharsets.UTF_8);
            return said.lines().findFirst().map(String::strip);
        } catch (IOException e) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static boolean isFound(HostSnapshot patient, String program) {
        return patient.programs().stream().anyMatch(folder -> Files.isExecutable(folder.resolve(program)));
    }
}
