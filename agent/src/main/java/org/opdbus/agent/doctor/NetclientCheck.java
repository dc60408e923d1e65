// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.opdbus.config.AgentConfig;
import org.opdbus.config.EnrollmentConfig.NetworkType;
import org.opdbus.config.json.ConfigException;
import org.opdbus.config.state.DesiredContainer;
import org.opdbus.config.state.StateLoader;
import org.opdbus.events.ContainerId.Kind;
import org.opdbus.verticles.enroll.netmaker.NetmakerInspection;

/**
 * Checks whether netclient's service is installed in the containers that the state file assigns to a mesh: {@code
 * netclient install} run from the folder where netclient already is installs nothing and ends with 0. It looks at
 * names only, below {@code lxc.path}.
 */
final class NetclientCheck implements Check {
    private static final String NAME = "netclient";
    private static final List<String> PROGRAMS =
            List.of("usr/local/bin/netclient", "usr/bin/netclient", "usr/sbin/netclient", "sbin/netclient");
    private static final List<String> UNITS = List.of(
            "etc/systemd/system/netclient.service",
            "usr/lib/systemd/system/netclient.service",
            "lib/systemd/system/netclient.service");
    private static final List<String> INITS = List.of("usr/sbin/init", "sbin/init");

    @Override
    public List<CheckResult> examine(HostSnapshot patient) {
        return wanted(patient.config())
                .map(id -> examine(id, patient.config().lxc().path().resolve(id).resolve("rootfs")))
                .flatMap(Optional::stream)
                .toList();
    }

    private static Stream<String> wanted(AgentConfig config) {
        try {
            return Files.exists(config.state().file())
                    ? StateLoader.load(config.state().file()).containers().stream()
                            .filter(container -> isForMesh(container, config))
                            .map(container -> container.id().value())
                    : Stream.empty();
        } catch (ConfigException e) {
            // Another check reports errors in the file.
            return Stream.empty();
        }
    }

    static boolean isForMesh(DesiredContainer container, AgentConfig config) {
        return container.id().kind() == Kind.LXC
                && container
                                .properties()
                                .networkType()
                                .orElse(config.enrollment().networkType())
                        == NetworkType.NETMAKER;
    }

    private static Optional<CheckResult> examine(String id, Path root) {
        boolean systemd = INITS.stream().anyMatch(init -> isSystemd(root.resolve(init)));
        return systemd && isThere(root, PROGRAMS) && !isThere(root, UNITS)
                ? Optional.of(CheckResult.problem(
                        NAME,
                        "netclient is in container " + id + ", but its service is not installed",
                        "without its daemon the container gets no node and no interface",
                        NetmakerInspection.INSTALL_REMEDY))
                : Optional.empty();
    }

    private static boolean isThere(Path root, List<String> files) {
        return files.stream().map(root::resolve).anyMatch(file -> Files.exists(file, LinkOption.NOFOLLOW_LINKS));
    }

    private static boolean isSystemd(Path init) {
        try {
            return Files.readSymbolicLink(init).toString().endsWith("/systemd");
        } catch (IOException | UnsupportedOperationException other) {
            return false;
        }
    }
}
