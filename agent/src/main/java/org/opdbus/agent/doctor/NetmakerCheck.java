// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.doctor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.opdbus.config.EnrollmentConfig.NetworkType;
import org.opdbus.config.NetmakerApiConfig;
import org.opdbus.config.json.ConfigException;
import org.opdbus.config.state.StateLoader;
import org.opdbus.verticles.enroll.netmaker.token.NetmakerException;
import org.opdbus.verticles.enroll.netmaker.token.NetmakerException.Reason;
import org.opdbus.verticles.enroll.netmaker.NetmakerOptions;
import org.opdbus.verticles.enroll.netmaker.NetmakerOptions.Minting;
import org.opdbus.verticles.enroll.netmaker.NetmakerVerticle;
import org.opdbus.verticles.enroll.netmaker.token.PrivateFile;

/** Whether containers can join a mesh, on a host where any is to. Never reads a token. */
final class NetmakerCheck implements Check {
    private static final String NAME = "netmaker";
    private static final String CREDENTIAL = "/run/credentials/op-dbus.service/netmaker.env";
    private static final String TUN = "/dev/net/tun";

    @Override
    public List<Finding> examine(HostSnapshot patient) {
        List<Optional<Finding>> left = leftBehind(patient);
        if (!isWanted(patient)) {
            return left.stream().flatMap(Optional::stream).toList();
        }
        List<Optional<Finding>> findings = new ArrayList<>(left);
        // As the agent itself does.
        Path credential = patient.file(CREDENTIAL);
        Path file = Files.exists(credential)
                ? credential
                : patient.config().netmaker().envFile();
        if (patient.config().netmaker().api().base().isPresent()) {
            Path api = patient.config().netmaker().api().credentialFile();
            findings.add(
                    secrets(api, "a credential", Reason.API_FILE, "keys cannot be made without the credential in it"));
            findings.add(networks(patient.config().netmaker().api()));
        }
        findings.add(
                secrets(file, "NETMAKER_TOKEN=…", Reason.ENV_FILE, "without an enrolment token no container can join"));
        if (!Files.exists(patient.file(TUN))) {
            findings.add(Optional.of(Finding.problem(
                    NAME,
                    "there is no " + TUN,
                    "where the kernel has no WireGuard, netclient needs it",
                    "modprobe tun")));
        }
        return FileModes.orElse(findings, Finding.ok(NAME, "tokens are in " + file + ", for root only"));
    }

    /** Whether the server has the networks that keys lead into. Waits for the server, for 15 s at the most. */
    private static Optional<Finding> networks(NetmakerApiConfig api) {
        try {
            NetmakerVerticle.checkNetworks(
                    new Minting(api.base().orElseThrow(), api.credentialFile(), api.networks()), api.authorities());
            return Optional.empty();
        } catch (NetmakerException failure) {
            String what = String.valueOf(failure.getMessage());
            String why = "no key is made for a join";
            return Optional.of(
                    failure.reason() == Reason.UNREACHABLE
                            ? Finding.warning(NAME, what, why + " until it answers", failure.remedy())
                            : Finding.problem(NAME, what, why, failure.remedy()));
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** A problem if the agent would not read this file of secrets; judged as the agent itself does it. */
    private static Optional<Finding> secrets(Path file, String content, Reason reason, String why) {
        try {
            PrivateFile.check(file, content, reason);
            return Optional.empty();
        } catch (NetmakerException refused) {
            return Optional.of(Finding.problem(NAME, String.valueOf(refused.getMessage()), why, refused.remedy()));
        }
    }

    /** What the agent could not remove from mesh servers yet. */
    private static List<Optional<Finding>> leftBehind(HostSnapshot patient) {
        Path folder = NetmakerOptions.folderBeside(patient.config().ledger().dir());
        try {
            return NetmakerVerticle.leftBehind(folder).stream()
                    .map(one -> Optional.of(Finding.warning(
                            NAME,
                            one + " is left behind",
                            "its removal is tried again as long as the agent runs",
                            "see that the agent runs and reaches the server; or delete it on the server")))
                    .toList();
        } catch (NetmakerException failure) {
            return List.of(Optional.of(Finding.problem(
                    NAME,
                    String.valueOf(failure.getMessage()),
                    "hosts that are left behind on mesh servers are not known",
                    failure.remedy())));
        }
    }

    private static boolean isWanted(HostSnapshot patient) {
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
