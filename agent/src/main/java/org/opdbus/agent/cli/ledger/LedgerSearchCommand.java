// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.ledger;

import org.jspecify.annotations.Nullable;
import org.opdbus.agent.cli.output.ExitStatus;
import org.opdbus.agent.cli.output.ResultStream;
import org.opdbus.ledger.read.EntryFilter;
import org.opdbus.ledger.read.LedgerReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "search",
        description = "Prints every entry that matches all conditions. The exit status is 1 if no entry "
                + "matches, as with grep(1).",
        footerHeading = "%nExamples:%n",
        footer = {
            "  op-dbus ledger search vi100",
            "  op-dbus ledger search --kind 'container.*' --subject 100 --since 3d",
            "  op-dbus ledger search --since 2025-01-31 --until 2025-02-01 --json | jq .kind"
        })
final class LedgerSearchCommand extends LedgerTask {
    @Mixin
    private final LedgerFilterOptions options = new LedgerFilterOptions();

    @Parameters(
            arity = "0..1",
            paramLabel = "TEXT",
            description = "Only entries that contain this text; the case must match.")
    private @Nullable String text;

    @Option(names = "--json", description = "Print entries as they are on disk, one JSON object " + "per line.")
    private boolean json;

    @Override
    int run(ResultStream out) {
        EntryFilter filter = text == null ? options.filter() : options.filter().withText(text);
        EntryPrinter printer = new EntryPrinter(out, json);
        LedgerReader.of(dir()).search(filter, printer::print);
        if (!printer.hasPrinted()) {
            say("no entry matches");
            return ExitStatus.NO;
        }
        return ExitStatus.DONE;
    }
}
