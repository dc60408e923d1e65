// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.ledger;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.opdbus.agent.cli.output.ExitStatus;
import org.opdbus.agent.cli.output.ResultStream;
import org.opdbus.ledger.Checkpoint;
import org.opdbus.ledger.VerifierKey;
import org.opdbus.ledger.merkle.ConsistencyProof;
import org.opdbus.ledger.verify.LedgerProver;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "consistency",
        description = {
            "Prints a proof that the ledger only grew between two checkpoints: no old entry was "
                    + "changed or removed.",
            "With --check it checks such a proof, on any machine; it needs only the host's public " + "key."
        },
        exitCodeList = {
            "0:the proof is printed, or holds",
            "1:the ledger does not match both checkpoints, or the proof does not hold",
            "2:it could not run: usage, a bad file, no access"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  cp /var/lib/op-dbus/ledger/checkpoint january   # and a month later:",
            "  op-dbus ledger consistency january > proof",
            "  op-dbus ledger consistency --check proof --key host1.pub"
        })
final class LedgerConsistencyCommand extends LedgerTask {
    @Parameters(index = "0", arity = "0..1", paramLabel = "OLD", description = "The file of the older checkpoint.")
    private @Nullable Path older;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "NEW",
            description = "The file of the newer checkpoint (default: the present checkpoint of " + "the ledger).")
    private @Nullable Path newer;

    @Option(names = "--check", paramLabel = "FILE", description = "The proof to check.")
    private @Nullable Path proofFile;

    @Option(names = "--key", paramLabel = "FILE", description = "The public key of the host that signed (host.pub).")
    private @Nullable Path keyFile;

    @Override
    int run(ResultStream out) {
        Path proof = proofFile;
        Path old = older;
        if (proof != null && keyFile != null && old == null) {
            check(proof, VerifierKey.read(keyFile), out);
        } else if (old != null && proof == null && keyFile == null) {
            out.exact(prove(old, LedgerProver.of(dir())).text());
        } else {
            throw usage("give either the older checkpoint and perhaps the newer, or --check FILE and --key FILE");
        }
        return ExitStatus.DONE;
    }

    private ConsistencyProof prove(Path old, LedgerProver prover) {
        Checkpoint from = LedgerVerifyCommand.checkpoint(old);
        return newer == null
                ? prover.consistency(from)
                : prover.consistency(from, LedgerVerifyCommand.checkpoint(newer));
    }

    private static void check(Path file, VerifierKey key, ResultStream out) {
        ConsistencyProof proof = ConsistencyProof.parse(read(file));
        proof.check(key);
        out.line("proved: the ledger of " + proof.newer().size() + " entries that " + key.name()
                + " has signed begins with the " + proof.older().size() + " that it had signed before");
    }
}
