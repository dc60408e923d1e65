// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.ledger;

import java.io.IOException;
import org.opdbus.agent.cli.output.ExitStatus;
import org.opdbus.agent.cli.output.ResultStream;
import org.opdbus.ledger.read.LedgerReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "export",
        description = "Prints entries byte for byte as they are on disk, one JSON object per " + "line.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  op-dbus ledger export > ledger.jsonl",
            "  op-dbus ledger export --since 2025-01-01 --until 2025-02-01 | gzip > january.jsonl.gz",
            "  op-dbus ledger export --kind 'port.*' | jq -r .subject"
        })
final class LedgerExportCommand extends LedgerTask {
    @Mixin
    private final LedgerFilterOptions options = new LedgerFilterOptions();

    @Override
    int run(ResultStream out) {
        try {
            LedgerReader.of(dir()).export(options.filter(), out);
        } catch (IOException e) {
            throw new IllegalStateException("a result stream says in its own way what went wrong", e);
        }
        return ExitStatus.DONE;
    }
}
