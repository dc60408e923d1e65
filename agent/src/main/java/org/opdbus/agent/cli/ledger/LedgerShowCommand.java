// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.ledger;

import org.opdbus.agent.cli.output.ExitStatus;
import org.opdbus.agent.cli.output.ResultStream;
import org.opdbus.ledger.Entry;
import org.opdbus.ledger.read.EntryColumns;
import org.opdbus.ledger.read.LedgerReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "show",
        description = "Prints one entry with all its fields.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  op-dbus ledger show 42",
            "  op-dbus ledger show 9f86d081",
            "  op-dbus ledger show 42 --json | jq .data"
        })
final class LedgerShowCommand extends LedgerTask {
    @Parameters(
            paramLabel = "HEIGHT|HASH",
            description = "The entry's height, or the first four or more hex digits of its hash. "
                    + "A number of up to sixteen decimal digits is a height.")
    private String entry = "";

    @Option(names = "--json", description = "Print the entry as it is on disk.")
    private boolean json;

    @Override
    int run(ResultStream out) {
        Entry found = LedgerReader.of(dir()).find(entry);
        if (json) {
            out.json(found.line());
        } else {
            out.text(EntryColumns.full(found));
        }
        return ExitStatus.DONE;
    }
}
