// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.doctor;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.opdbus.agent.doctor.AgentReply.ContainerReply;
import org.opdbus.agent.doctor.AgentReply.EngineReply;
import org.opdbus.agent.doctor.host.EngineAnswer;
import org.opdbus.config.WorkloadsConfig;
import org.opdbus.events.Bridge;
import org.opdbus.verticles.driver.engine.EngineVersion;

/**
 * Checks whether Docker and Podman can be heard, and the containers whose labels ask for what cannot be done. It says nothing of an
 * engine that the host does not have.
 */
final class WorkloadsCheck implements Check {
    private static final String NAME = "workloads";

    /** Docker 1.12, and every Podman that has this API. Older ones leave out what a list of containers must say. */
    private static final int OLDEST = 24;

    private record Engine(String name, String source, String unit) {}

    private static final Engine DOCKER = new Engine("Docker", "docker", "docker");
    private static final Engine PODMAN = new Engine("Podman", "podman", "podman.socket");

    @Override
    public List<CheckResult> examine(HostSnapshot patient) {
        WorkloadsConfig config = patient.config().workloads();
        List<CheckResult> findings = new ArrayList<>();
        config.docker().path().ifPresent(socket -> engine(DOCKER, socket, patient, findings));
        config.podman().path().ifPresent(socket -> engine(PODMAN, socket, patient, findings));
        patient.agent().containers().forEach(container -> findings.addAll(of(container, patient)));
        return findings;
    }

    /** Returns what holds this container up, if the check knows the remedy. */
    static List<CheckResult> of(ContainerReply container, HostSnapshot patient) {
        List<CheckResult> findings = new ArrayList<>();
        container.engine().ifPresent(engine -> labels(container, engine, findings));
        bridge(container, patient).ifPresent(findings::add);
        return findings;
    }

    private static void engine(Engine engine, Path socket, HostSnapshot patient, List<CheckResult> findings) {
        EngineAnswer answer = EngineAnswer.of(patient.file(socket.toString()));
        String consequence = "the agent does not hear of containers of " + engine.name() + " until that changes";
        switch (answer.state()) {
            case ABSENT -> {}
            case FORBIDDEN -> {
                // The agent may have rights that the user of doctor does not have.
                if (!"listed".equals(patient.agent().sources().get(engine.source()))) {
                    findings.add(CheckResult.warning(
                            NAME,
                            engine.name() + ": " + answer.failure(),
                            "doctor cannot tell whether the engine answers; an agent with the rights of this user does not "
                                    + "hear it",
                            "run doctor as root, and the agent too"));
                }
            }
            case SILENT ->
                findings.add(CheckResult.warning(
                        NAME,
                        engine.name() + " does not answer on " + socket + ": " + answer.failure(),
                        consequence,
                        "systemctl restart " + engine.unit() + "; if the host shall not use it, set workloads."
                                + engine.source() + ".socket to \"\""));
            case ANSWERED -> findings.add(version(engine, answer, consequence));
        }
    }

    private static CheckResult version(Engine engine, EngineAnswer answer, String consequence) {
        String range = (answer.oldest() > 0 ? "1." + answer.oldest() + " to " : "") + "1." + answer.newest();
        if (answer.newest() < OLDEST) {
            return CheckResult.problem(
                    NAME,
                    engine.name() + " is too old: it has the version " + range + " of the API, and the agent needs 1."
                            + OLDEST,
                    consequence,
                    "install a newer version of " + engine.name());
        }
        if (answer.oldest() > EngineVersion.NEWEST) {
            return CheckResult.warning(
                    NAME,
                    engine.name() + " is newer than this program: it has the versions " + range
                            + " of the API, and the agent knows 1." + OLDEST + " to 1." + EngineVersion.NEWEST,
                    "the agent may misunderstand what it says of containers",
                    "install a newer version of op-dbus");
        }
        return CheckResult.ok(NAME, engine.name() + " answers, version " + range + " of the API");
    }

    private static void labels(ContainerReply container, EngineReply engine, List<CheckResult> findings) {
        String who = "container " + engine.name() + " (" + container.id() + ")";
        for (String fault : engine.labelFaults()) {
            findings.add(CheckResult.problem(
                    NAME,
                    who + ": " + fault,
                    "a container with a faulty label gets no link, because a wrong one could reach others",
                    "remove the container and run it again with a right label; an engine cannot change labels"));
        }
        if (engine.sharesNetwork() && container.state().equals("refused")) {
            findings.add(CheckResult.problem(
                    NAME,
                    who + " asks for a link, and has the network \"" + engine.network() + "\"",
                    "a link for it would be one for the host or for another container, so the agent makes none",
                    "run it with --network none, or without labels of op-dbus and entry in the state file"));
        }
    }

    /** A bridge that is not there holds a container or a machine up until it is. */
    private static Optional<CheckResult> bridge(ContainerReply container, HostSnapshot patient) {
        boolean isHeldUp = container.engine().isPresent()
                && (container.state().equals("waiting") || container.state().equals("refused"));
        String bridge = container.engine().map(EngineReply::bridge).orElse("");
        boolean isMissing = patient.ovs()
                .survey()
                .filter(survey -> survey.bridges().stream().map(Bridge::name).noneMatch(bridge::equals))
                .isPresent();
        return isHeldUp && !bridge.isEmpty() && isMissing
                ? Optional.of(CheckResult.problem(
                        NAME,
                        "container " + container.engine().map(EngineReply::name).orElse("") + " (" + container.id()
                                + ") is to be on the bridge " + bridge + ", which does not exist",
                        "the container has no port until it does",
                        "ovs-vsctl add-br " + bridge + ", or correct opdbus.bridge or the state file"))
                : Optional.empty();
    }
}
