// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.opdbus.ledger.Entry;
import org.opdbus.ledger.verify.Verifier;
import org.opdbus.verticles.commit.Boot;
import org.opdbus.verticles.commit.OpenEnrollments;
import org.opdbus.verticles.view.Enrollment;

/** The content of the ledger, as a person reads it who was not present. */
final class LedgerStory {
    private final List<Entry> entries;

    private LedgerStory(List<Entry> entries) {
        this.entries = entries;
    }

    /** Reads the ledger, which must be intact. */
    static LedgerStory of(AgentProcess agent) {
        assertThat(Verifier.of(agent.ledgerDir()).verify().findings()).isEmpty();
        return new LedgerStory(agent.ledger());
    }

    /** Returns the enrolments of a container that are open at the end. */
    List<Enrollment> open(String id) {
        return open().stream()
                .filter(enrollment -> enrollment.container().value().equals(id))
                .toList();
    }

    Collection<Enrollment> open() {
        OpenEnrollments open = new OpenEnrollments(new Boot(Instant.MIN, ""));
        entries.forEach(open::add);
        return open.open();
    }

    List<Entry> of(String kind, String subject) {
        return entries.stream()
                .filter(entry -> entry.kind().equals(kind) && entry.subject().equals(subject))
                .toList();
    }

    /**
     * Checks that no enrolment began while one was open, and none ended twice. It may have ended before it was seen
     * live, and only a row that an older copy of the database brought back ends again, as a recovery.
     */
    LedgerStory isToldOnce() {
        Map<String, String> standing = new HashMap<>();
        Set<String> ended = new HashSet<>();
        for (Entry entry : entries) {
            String enrollment = String.valueOf(entry.data().get("enrollment"));
            if (entry.kind().equals("container.enrolled")) {
                String link = entry.subject() + " " + entry.data().get("index");
                assertThat(enrollment).as("%s\n%s", entry, this).isNotEqualTo(standing.put(link, enrollment));
            } else if (entry.kind().equals("container.left") || entry.kind().equals("enrollment.lost")) {
                boolean stood = standing.values().remove(enrollment);
                boolean first = ended.add(enrollment);
                boolean recovered = Boolean.TRUE.equals(entry.data().get("recovered"));
                assertThat(stood || first || recovered)
                        .as("%s\n%s", entry, this)
                        .isTrue();
            }
        }
        return this;
    }

    /**
     * Checks that each link got its name once, except links to which another program had given a name with this
     * prefix.
     */
    void namesLinksOnce(String byHand) {
        Set<String> named = new HashSet<>();
        for (Entry entry : entries) {
            String from = String.valueOf(entry.data().get("from"));
            if (entry.kind().equals("link.renamed") && !from.startsWith(byHand)) {
                String link = entry.subject() + " " + entry.data().get("index") + " " + from;
                assertThat(named.add(link))
                        .as("named once: %s\n%s", entry, this)
                        .isTrue();
            }
        }
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        entries.forEach(entry -> text.append(entry.height())
                .append(' ')
                .append(entry.kind())
                .append(' ')
                .append(entry.subject())
                .append(' ')
                .append(entry.data())
                .append('\n'));
        return text.toString();
    }
}
