// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.doctor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Checks whether the agent's folders belong to it. A missing folder is made at the first start. */
final class FoldersCheck implements Check {
    private static final String NAME = "folders";

    @Override
    public List<CheckResult> examine(HostSnapshot patient) {
        List<Optional<CheckResult>> found = new ArrayList<>();
        found.add(judge(
                patient.config().runtime().dir(), false, "a user who can write it can take the " + "agent's place"));
        Path ledger = patient.config().ledger().dir();
        found.add(judge(ledger, true, "only root may see what happened on this host"));
        found.add(judge(
                patient.config().ledger().keyFile(), true, "a user who has the key can sign a false " + "ledger"));
        return FileModes.orElse(
                found, CheckResult.ok(NAME, "only root may enter the ledger or " + "replace the sockets"));
    }

    private static Optional<CheckResult> judge(Path file, boolean secret, String why) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        return secret ? FileModes.onlyOwnerEnters(NAME, file, why) : FileModes.onlyOwnerWrites(NAME, file, why);
    }
}
