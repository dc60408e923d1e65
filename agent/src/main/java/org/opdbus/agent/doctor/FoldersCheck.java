// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.doctor;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether the agent's folders are its own. What is not there yet is made at the first start. */
final class FoldersCheck implements Check {
    private static final String NAME = "folders";

    @Override
    public List<Finding> examine(HostSnapshot patient) {
        List<Optional<Finding>> found = new ArrayList<>();
        found.add(judge(patient.config().runtime().dir(), false, "whoever may write it can take the agent's place"));
        Path ledger = patient.config().ledger().dir();
        found.add(judge(ledger, true, "what happened on this host is for root only"));
        found.add(
                judge(patient.config().ledger().keyFile(), true, "whoever has the key can sign a ledger of their own"));
        return FileModes.orElse(found, Finding.ok(NAME, "nobody but root may enter the ledger or replace the sockets"));
    }

    private static Optional<Finding> judge(Path file, boolean secret, String why) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        return secret ? FileModes.onlyOwnerEnters(NAME, file, why) : FileModes.onlyOwnerWrites(NAME, file, why);
    }
}
