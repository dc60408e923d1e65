// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.ledger.Draft;
import org.opdbus.ledger.Entry;
import org.opdbus.ledger.Ledger;
import org.opdbus.ledger.LedgerOptions;
import org.opdbus.ledger.read.LedgerReader;
import org.opdbus.ledger.write.FileLedger;
import org.opdbus.verticles.fuse.tree.Node;

class LedgerFilesTest {
    @TempDir
    Path dir;

    @Test
    void the_last_thousand_are_listed_and_an_older_entry_has_its_file_too() throws Exception {
        write(1_100, "x");
        TreeLab lab = new TreeLab(Optional.of(dir.resolve("ledger")));

        Map<String, Node> listed = lab.list("ledger");

        assertThat(listed)
                .hasSize(1_001)
                .containsKeys("head", "101.json", "1100.json")
                .doesNotContainKey("100.json");
        for (Map.Entry<String, Node> entry : listed.entrySet()) {
            Node.TextFile file = (Node.TextFile) entry.getValue();
            assertThat(file.content()).as(entry.getKey()).hasSize((int) file.size());
            assertThat(lab.tree.node(file.id()).map(Node::modified)).contains(file.modified());
        }
        LedgerReader reader = LedgerReader.of(dir.resolve("ledger"));
        for (long height : new long[] {1, 7, 100, 101, 650, 1_100}) {
            assertThat(lab.text("ledger/" + height + ".json"))
                    .isEqualTo(reader.entry(height).line() + "\n");
            assertThat(lab.at("ledger/" + height + ".json").orElseThrow().modified())
                    .isEqualTo(reader.entry(height).time());
        }
        assertThat(lab.text("ledger/head"))
                .isEqualTo("{\"hash\":\"" + reader.entry(1_100).hash() + "\",\"height\":1100}\n");
        for (String none :
                List.of("0.json", "1101.json", "01.json", "-1.json", "1", "x.json", "99999999999999999.json")) {
            assertThat(lab.at("ledger/" + none)).as(none).isEmpty();
        }
    }

    @Test
    void entries_larger_than_the_memory_for_them_are_read_again() throws Exception {
        write(30, "y".repeat(40_000));
        TreeLab lab = new TreeLab(Optional.of(dir.resolve("ledger")));

        lab.list("ledger").forEach((name, node) -> {
            Node.TextFile file = (Node.TextFile) node;
            assertThat(file.content()).as(name).hasSize((int) file.size());
        });
        assertThat(lab.text("ledger/1.json")).contains("yyy");
    }

    @Test
    void new_entries_show_at_once() throws Exception {
        try (Ledger ledger = FileLedger.open(LedgerOptions.of(dir.resolve("ledger"), "here"))) {
            TreeLab lab = new TreeLab(Optional.of(dir.resolve("ledger")));
            assertThat(lab.list("ledger")).containsOnlyKeys("head");
            assertThat(lab.text("ledger/head")).contains("\"height\":0");

            ledger.append(new Draft("kind", "subject", Map.of("n", 1L))).get();

            assertThat(lab.list("ledger")).containsOnlyKeys("1.json", "head");
            assertThat(lab.text("ledger/1.json")).contains("\"subject\":\"subject\"");
        }
    }

    @Test
    void a_folder_that_is_no_ledger_shows_an_empty_one() {
        TreeLab lab = new TreeLab(Optional.of(dir.resolve("nothing")));

        assertThat(lab.list("ledger")).containsOnlyKeys("head");
        assertThat(lab.at("ledger/1.json")).isEmpty();
    }

    private void write(int entries, String text) throws Exception {
        try (Ledger ledger = FileLedger.open(LedgerOptions.of(dir.resolve("ledger"), "here"))) {
            List<CompletableFuture<Entry>> written = new ArrayList<>();
            for (int i = 0; i < entries; i++) {
                written.add(ledger.append(new Draft("kind", "subject", Map.of("text", text))));
            }
            for (CompletableFuture<Entry> each : written) {
                each.get();
            }
        }
    }
}
