// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.ledger;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.opdbus.ledger.read.EntryFilter;
import picocli.CommandLine.Option;

/** The options that select entries. An entry must match all options that are given. */
final class LedgerFilterOptions {
    @Option(
            names = "--kind",
            paramLabel = "KIND",
            description = "Only this kind, such as container.enrolled; \"container.*\" is every kind that begins so.")
    private @Nullable String kind;

    @Option(
            names = "--subject",
            paramLabel = "SUBJECT",
            description = "Only entries about this container, link, port, …")
    private @Nullable String subject;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            converter = LedgerPoint.TimeConverter.class,
            description = "Only entries recorded at this time or later: " + LedgerPoint.TIME_FORMS + ".")
    private @Nullable Instant since;

    @Option(
            names = "--until",
            paramLabel = "TIME",
            converter = LedgerPoint.TimeConverter.class,
            description = "Only entries recorded before this time.")
    private @Nullable Instant until;

    EntryFilter filter() {
        EntryFilter filter = EntryFilter.ALL;
        filter = kind == null ? filter : filter.withKind(kind);
        filter = subject == null ? filter : filter.withSubject(subject);
        filter = since == null ? filter : filter.withSince(since);
        return until == null ? filter : filter.withUntil(until);
    }
}
