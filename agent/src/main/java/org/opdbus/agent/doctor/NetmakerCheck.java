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
import org.opdbus.verticles.enroll.netmaker.NetmakerInspection;
import org.opdbus.verticles.enroll.netmaker.NetmakerOptions;
import org.opdbus.verticles.enroll.netmaker.server.KeyOptions;
import org.opdbus.verticles.enroll.netmaker.token.NetmakerException;
import org.opdbus.verticles.enroll.netmaker.token.NetmakerException.Reason;
import org.opdbus.verticles.enroll.netmaker.token.PrivateFile;

/** Checks whether containers can join a mesh, on a host where one must. It never reads a token. */
final class NetmakerCheck implements Check {
    private static final String NAME = "netmaker";
    private static final String CREDENTIAL = "/run/credentials/op-dbus.service/netmaker.env";
    private static final String TUN = "/dev/net/tun";

    @Override
    public List<CheckResult> examine(HostSnapshot patient) {
        List<Optional<CheckResult>> left = leftBehind(patient);
        if (!isWanted(patient)) {
            return left.stream().flatMap(Optional::stream).toList();
        }
        List<Optional<CheckResult>> findings = new ArrayList<>(left);
        // The same check as in the agent.
        Path credential = patient.file(CREDENTIAL);
        Path file = Files.exists(credential)
                ? credential
                : patient.config().netmaker().envFile();
        if (patient.config().netmaker().api().base().isPresent()) {
            Path api = patient.config().netmaker().api().credentialFile();
            findings.add(secrets(
                    api,
                    "a credential",
                    Reason.API_FILE,
                    "the agent cannot make keys without the " + "credential in it"));
            findings.add(networks(patient.config().netmaker().api()));
        }
        findings.add(
                secrets(file, "NETMAKER_TOKEN=…", Reason.ENV_FILE, "without an enrolment token no container can join"));
        if (!Files.exists(patient.file(TUN))) {
            findings.add(Optional.of(CheckResult.problem(
                    NAME, "there is no " + TUN, "netclient needs it if the kernel has no WireGuard", "modprobe tun")));
        }
        return FileModes.orElse(findings, CheckResult.ok(NAME, "tokens are in " + file + ", for root only"));
    }

    /** Checks whether the server has the networks of the keys. Waits for the server, at most 15 s. */
    private static Optional<CheckResult> networks(NetmakerApiConfig api) {
        try {
            NetmakerInspection.checkNetworks(
                    new KeyOptions(api.base().orElseThrow(), api.credentialFile(), api.networks()), api.authorities());
            return Optional.empty();
        } catch (NetmakerException failure) {
            String what = String.valueOf(failure.getMessage());
            String why = "the agent makes no key for a join";
            return Optional.of(
                    failure.reason() == Reason.UNREACHABLE
                            ? CheckResult.warning(NAME, what, why + " until it answers", failure.remedy())
                            : CheckResult.problem(NAME, what, why, failure.remedy()));
        } catch (InterruptedException ending) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    /** Returns a problem if the agent would not read this file of secrets; uses the agent's own check. */
    private static Optional<CheckResult> secrets(Path file, String content, Reason reason, String why) {
        try {
            PrivateFile.check(file, content, reason);
            return Optional.empty();
        } catch (NetmakerException refused) {
            return Optional.of(CheckResult.problem(NAME, String.valueOf(refused.getMessage()), why, refused.remedy()));
        }
    }

    /** Reports the hosts that the agent could not remove from mesh servers yet. */
    private static List<Optional<CheckResult>> leftBehind(HostSnapshot patient) {
        Path folder = NetmakerOptions.folderBeside(patient.config().ledger().dir());
        try {
            return NetmakerInspection.leftBehind(folder).stream()
                    .map(one -> Optional.of(CheckResult.warning(
                            NAME,
                            one + " is left behind",
                            "the agent tries to remove it again while it runs",
                            "check that the agent runs and reaches the server; or delete it on " + "the server")))
                    .toList();
        } catch (NetmakerException failure) {
            return List.of(Optional.of(CheckResult.problem(
                    NAME,
                    String.valueOf(failure.getMessage()),
                    "cannot find out which hosts are left behind on mesh servers",
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
            // Another check reports errors in the file.
            return false;
        }
    }
}
