// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.ledger;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.opdbus.agent.cli.output.ExitStatus;
import org.opdbus.agent.cli.output.ResultStream;
import org.opdbus.ledger.VerifierKey;
import org.opdbus.ledger.merkle.InclusionProof;
import org.opdbus.ledger.read.EntryColumns;
import org.opdbus.ledger.read.LedgerReader;
import org.opdbus.ledger.verify.LedgerProver;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "prove",
        description = {
            "Prints a proof that an entry is in the ledger that this host has signed.",
            "With --check it checks such a proof, on any machine; it needs only the host's public " + "key."
        },
        exitCodeList = {
            "0:the proof is printed, or holds",
            "1:the ledger is damaged, or the proof does not hold",
            "2:it could not run: usage, no such entry, no access"
        },
        footerHeading = "%nExamples:%n",
        footer = {"  op-dbus ledger prove 42 > proof", "  op-dbus ledger prove --check proof --key host1.pub"})
final class LedgerProveCommand extends LedgerTask {
    @Parameters(
            arity = "0..1",
            paramLabel = "HEIGHT|HASH",
            description = "The entry's height, or the first four or more hex digits of its hash.")
    private @Nullable String entry;

    @Option(names = "--check", paramLabel = "FILE", description = "The proof to check.")
    private @Nullable Path proofFile;

    @Option(names = "--key", paramLabel = "FILE", description = "The public key of the host that signed (host.pub).")
    private @Nullable Path keyFile;

    @Override
    int run(ResultStream out) {
        Path proof = proofFile;
        String wanted = entry;
        if (proof != null && keyFile != null && wanted == null) {
            check(proof, VerifierKey.read(keyFile), out);
        } else if (wanted != null && proof == null && keyFile == null) {
            Path dir = dir();
            LedgerReader reader = LedgerReader.of(dir);
            long height = reader.find(wanted).height();
            out.exact(LedgerProver.of(dir).inclusion(height).text());
            reader.adoptions().stream()
                    .filter(adoption -> adoption.covers(height))
                    .forEach(adoption -> say("note: " + adoption));
        } else {
            throw usage("give either the entry to prove, or --check FILE and --key FILE");
        }
        return ExitStatus.DONE;
    }

    private static void check(Path file, VerifierKey key, ResultStream out) {
        InclusionProof proof = InclusionProof.parse(read(file));
        proof.check(key);
        out.line("proved: entry " + proof.entry().height() + " is one of the "
                + proof.checkpoint().size() + " entries that " + key.name() + " has signed:");
        out.text(EntryColumns.full(proof.entry()));
    }
}
