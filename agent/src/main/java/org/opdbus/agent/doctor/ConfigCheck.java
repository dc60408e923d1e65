// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.doctor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.opdbus.config.json.ConfigException;
import org.opdbus.config.state.StateLoader;

/** Checks whether the two files that people write are valid. */
final class ConfigCheck implements Check {
    private static final String NAME = "configuration";
    private static final String WRITABLE = "a user who can write it controls what root does to " + "every container";

    @Override
    public List<CheckResult> examine(HostSnapshot patient) {
        List<CheckResult> findings = new ArrayList<>(configuration(patient));
        Path state = patient.config().state().file();
        if (Files.exists(state)) {
            findings.addAll(state(state));
        }
        return findings;
    }

    private static List<CheckResult> configuration(HostSnapshot patient) {
        if (patient.configFailure().isPresent()) {
            return List.of(CheckResult.problem(
                    NAME,
                    patient.configFailure().get(),
                    "the agent does not start; doctor checked everything below with the defaults",
                    "correct the file; docs/CONFIG.md has every key"));
        }
        return patient.configFile()
                .map(file -> FileModes.orElse(
                        List.of(FileModes.onlyOwnerWrites(NAME, file, WRITABLE)),
                        CheckResult.ok(NAME, file + " is valid")))
                .orElseGet(() -> List.of(CheckResult.ok(NAME, "there is no file, so every key has its " + "default")));
    }

    private static List<CheckResult> state(Path file) {
        try {
            int containers = StateLoader.load(file).containers().size();
            return FileModes.orElse(
                    List.of(FileModes.onlyOwnerWrites(NAME, file, WRITABLE)),
                    CheckResult.ok(NAME, file + " is valid, containers: " + containers));
        } catch (ConfigException e) {
            return List.of(CheckResult.problem(
                    NAME,
                    Optional.ofNullable(e.getMessage()).orElse(file + " cannot be used"),
                    "the agent applies nothing of it",
                    "correct the file; docs/STATE.md has every key"));
        }
    }
}
