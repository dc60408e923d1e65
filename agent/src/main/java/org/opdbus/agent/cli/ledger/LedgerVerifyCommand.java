// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.ledger;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.opdbus.agent.cli.control.SignedByAgent;
import org.opdbus.agent.cli.output.CannotRunException;
import org.opdbus.agent.cli.output.ExitStatus;
import org.opdbus.agent.cli.output.ProgressBar;
import org.opdbus.agent.cli.output.ResultStream;
import org.opdbus.ledger.Checkpoint;
import org.opdbus.ledger.LedgerException;
import org.opdbus.ledger.LedgerOptions;
import org.opdbus.ledger.Printable;
import org.opdbus.ledger.VerifierKey;
import org.opdbus.ledger.verify.Finding;
import org.opdbus.ledger.verify.Verification;
import org.opdbus.ledger.verify.Verifier;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "verify",
        description = {
            "Reads every byte of the ledger and checks that it is what was written and signed.",
            "Prints what does not verify, the first bad entry first, and then one summary line.",
            "Without --key it checks that the entries agree with each other and with the "
                    + "checkpoint, but not who made the checkpoint. A public key that lies beside a ledger "
                    + "proves nothing, because an attacker who can rewrite the ledger can also replace the "
                    + "key. Keep a copy of host.pub elsewhere.",
            "Entries after the checkpoint are not signed. An agent that ended suddenly leaves "
                    + "such entries, and a user with write access to the directory can add some. The "
                    + "command gives them two seconds to be signed, and without --dir asks the running "
                    + "agent how far it has signed. If unsigned entries remain, the verification fails, "
                    + "unless --allow-unsigned is given.",
            "Without --dir, on a host whose agent takes part in a cluster, it also asks the other "
                    + "hosts for the highest checkpoint of this ledger that they hold. The ledger must "
                    + "continue each of them."
        },
        exitCodeList = {
            "0:intact",
            "1:the ledger is damaged, not signed to its end, or differs from what another host " + "holds of it",
            "2:it could not run: usage, no ledger, no access"
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  op-dbus ledger verify",
            "  op-dbus ledger verify --key host1.pub",
            "  op-dbus ledger verify --dir /backup --key host1.pub --anchor january"
        })
final class LedgerVerifyCommand extends LedgerTask {
    @Option(
            names = "--key",
            paramLabel = "FILE",
            description = "The host's public key (host.pub): check that it signed the checkpoint.")
    private @Nullable Path keyFile;

    @Option(
            names = "--anchor",
            paramLabel = "FILE",
            description =
                    "A checkpoint that you keep elsewhere: check that the ledger continues " + "it. May be repeated.")
    private List<Path> anchors = List.of();

    @Option(
            names = "--allow-unsigned",
            description = "Accept unsigned entries after the checkpoint; a note names them.")
    private boolean unsignedAllowed;

    @Override
    int run(ResultStream out) throws InterruptedException {
        Optional<VerifierKey> key = Optional.ofNullable(keyFile).map(VerifierKey::read);
        Path dir = dir();
        // Asked first: what the other hosts hold was on this disk before they received it.
        PeerCheckpoints elsewhere =
                config().isPresent() ? PeerCheckpoints.ask(config().get(), key, this::say) : PeerCheckpoints.nowhere();
        Verifier plain = Verifier.of(dir).withAgent(() -> config().flatMap(SignedByAgent::ask));
        Verifier verifier = elsewhere.anchor((unsignedAllowed ? plain.withUnsignedAllowed() : plain)
                .withAnchors(
                        anchors.stream().map(LedgerVerifyCommand::checkpoint).toList()));
        Verification result = verify(key.map(verifier::withKey).orElse(verifier));
        elsewhere.lines(result).forEach(out::line);
        for (Finding finding : result.findings()) {
            out.line(finding.toString());
        }
        out.line(summary(result, dir, key));
        out.flush();
        result.notices().forEach(notice -> say("note: " + notice));
        return result.intact() && elsewhere.isSigned() ? ExitStatus.DONE : ExitStatus.NO;
    }

    private Verification verify(Verifier verifier) {
        if (!streams().errIsTerminal()) {
            return verifier.verify();
        }
        try (ProgressBar bar = new ProgressBar(err(), System::nanoTime)) {
            return verifier.withProgress(bar).verify();
        }
    }

    static Checkpoint checkpoint(Path file) {
        try {
            return Checkpoint.parse(read(file));
        } catch (LedgerException e) {
            throw new CannotRunException(file + " is no checkpoint: " + e.getMessage(), e);
        }
    }

    private static String summary(Verification result, Path dir, Optional<VerifierKey> key) {
        String verdict = result.verdict().name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return verdict + ": " + Printable.of(dir.toString()) + ": " + extent(result) + "; "
                + signature(result, dir, key);
    }

    private static String extent(Verification result) {
        String entries = result.entries() + (result.entries() == 1 ? " entry" : " entries");
        if (result.intact()) {
            return entries;
        }
        // A finding without an entry concerns the checkpoint; then the entries at least agree with
        // each other.
        long bad = result.findings().get(0).height();
        return bad > 0 ? "the first " + (bad - 1) + " entries verify" : entries + " that fit each other";
    }

    private static String signature(Verification result, Path dir, Optional<VerifierKey> key) {
        String name = key.map(VerifierKey::name).orElse("");
        return switch (result.signature()) {
            case HOLDS ->
                "entries 1 to " + result.checkpoint().map(Checkpoint::size).orElse(0L) + " are signed by " + name
                        + " (checked)";
            case FAILS -> "signed by " + name + ": no (checked)";
            case NOT_CHECKED -> "signed by: not checked, no --key was given" + hint(dir);
        };
    }

    /** Says where the public key can be found. That is no reason to trust the key. */
    private static String hint(Path dir) {
        Path key = LedgerOptions.publicKeyFileFor(dir);
        return Files.exists(key) ? " (this host's is " + Printable.of(key.toString()) + ")" : "";
    }
}
