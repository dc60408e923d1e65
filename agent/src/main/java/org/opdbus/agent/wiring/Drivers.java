// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.wiring;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.opdbus.config.AgentConfig;
import org.opdbus.config.LxcConfig.Driver;
import org.opdbus.config.WorkloadsConfig;
import org.opdbus.verticles.driver.CommandRunner;
import org.opdbus.verticles.driver.ContainerDriver;
import org.opdbus.verticles.driver.GuestAccess;
import org.opdbus.verticles.driver.engine.EngineGuests;
import org.opdbus.verticles.driver.engine.GuestsOfKinds;
import org.opdbus.verticles.driver.lxc.LxcDriver;
import org.opdbus.verticles.driver.pct.PctDriver;

/** Chooses the tools that create and start the containers of this host. */
final class Drivers {
    private Drivers() {}

    /** Returns the driver that the configuration selects on this host: {@code lxc} or {@code pct}. */
    static String nameOf(AgentConfig config) {
        Driver driver = config.lxc().driver();
        boolean pct = driver == Driver.PCT
                || (driver == Driver.AUTO
                        && onPath("pct").isPresent()
                        && Files.isDirectory(config.proxmox().confDir()));
        return pct ? "pct" : "lxc";
    }

    static ContainerDriver of(AgentConfig config, CommandRunner runner) {
        return nameOf(config).equals("pct")
                ? new PctDriver(runner, "pct", config.proxmox().confDir())
                : new LxcDriver(runner, config.lxc().path());
    }

    /** Returns how programs are run inside containers of every kind. */
    static GuestAccess guests(AgentConfig config, CommandRunner runner) {
        WorkloadsConfig workloads = config.workloads();
        return new GuestsOfKinds(
                of(config, runner),
                EngineGuests.docker(runner, workloads.docker().socket()),
                EngineGuests.podman(runner, workloads.podman().socket()));
    }

    /** Finds a program as the shell would. */
    static Optional<Path> onPath(String program) {
        String path = Optional.ofNullable(System.getenv("PATH")).orElse("/usr/sbin:/usr/bin:/sbin:/bin");
        return Arrays.stream(path.split(File.pathSeparator, -1))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .findFirst();
    }
}
