// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.doctor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.opdbus.config.ConfigException;
import org.opdbus.config.EnrollmentConfig.NetworkType;
import org.opdbus.config.StateLoader;

/** Whether containers can join a mesh, on a host where any is to. Never reads a token. */
final class NetmakerCheck implements Check {
    private static final String NAME = "netmaker";
    private static final String CREDENTIAL = "/run/credentials/op-dbus.service/netmaker.env";
    private static final String TUN = "/dev/net/tun";

    @Override
    public List<Finding> examine(Patient patient) {
        if (!isWanted(patient)) {
            return List.of();
        }
        List<Optional<Finding>> findings = new ArrayList<>();
        // As the agent itself does.
        Path credential = patient.file(CREDENTIAL);
        Path file = Files.exists(credential)
                ? credential
                : patient.config().netmaker().envFile();
        findings.add(
                Files.exists(file)
                        ? FileModes.onlyOwnerEnters(NAME, file, "it holds enrolment tokens, so the agent refuses it")
                        : Optional.of(Finding.problem(
                                NAME,
                                "there is no file " + file,
                                "without an enrolment token no container can join",
                                "write NETMAKER_TOKEN=… into it, with the mode 0600")));
        if (!Files.exists(patient.file(TUN))) {
            findings.add(Optional.of(Finding.problem(
                    NAME,
                    "there is no " + TUN,
                    "where the kernel has no WireGuard, netclient needs it",
                    "modprobe tun")));
        }
        return FileModes.orElse(findings, Finding.ok(NAME, "tokens are in " + file + ", for root only"));
    }

    private static boolean isWanted(Patient patient) {
        if (patient.config().enrollment().networkType() == NetworkType.NETMAKER) {
            return true;
        }
        Path state = patient.config().state().file();
        try {
            return Files.exists(state)
                    && StateLoader.load(state).containers().stream()
                            .anyMatch(container -> container
                                    .properties()
                                    .networkType()
                                    .filter(NetworkType.NETMAKER::equals)
                                    .isPresent());
        } catch (ConfigException e) {
            // What is wrong with the file is another check's finding.
            return false;
        }
    }
}
