// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.ledger.write.FileLedger;

class LedgerProvingTest {
    private static final int ENTRIES = 25;

    @TempDir
    Path folder;

    private WrittenLedger ledger;
    private String otherKey = "";

    @BeforeEach
    void write() {
        ledger = WrittenLedger.of(folder.resolve("ledger"), ENTRIES);
        otherKey = WrittenLedger.of(folder.resolve("other/ledger"), "host2", 1)
                .key()
                .toString();
    }

    private CommandRun run(String... arguments) throws Exception {
        return CommandRun.ledger(ledger.dir, arguments);
    }

    private Path file(String name, String content) throws Exception {
        return Files.writeString(folder.resolve(name), content);
    }

    @Test
    void an_intact_ledger_is_summed_up_in_one_line_that_says_what_was_checked() throws Exception {
        CommandRun without = run("verify");
        assertThat(without.status()).isZero();
        assertThat(without.out())
                .isEqualTo("intact: " + ledger.dir + ": 25 entries; signed by: not checked, no --key was given"
                        + " (this host's is " + ledger.key() + ")\n");

        CommandRun with = run("verify", "--key", ledger.key().toString());
        assertThat(with.status()).isZero();
        assertThat(with.out())
                .isEqualTo("intact: " + ledger.dir
                        + ": 25 entries; entries 1 to 25 are signed by host1/op-dbus/ledger (checked)\n");
        assertThat(with.err()).isEmpty();
    }

    @Test
    void a_ledger_is_intact_while_it_is_written() throws Exception {
        try (FileLedger open = ledger.open()) {
            for (int i = 0; i < 20; i++) {
                WrittenLedger.append(open, ENTRIES + 1L + i);
                assertThat(run("verify", "--key", ledger.key().toString()).status())
                        .isZero();
            }
        }
    }

    @Test
    void tampering_is_found_and_the_place_is_named() throws Exception {
        Path damaged = ledger.tamperWith(1);
        String height = damaged.getFileName().toString().replaceAll("^0*|\\.jsonl$", "");
        for (List<String> options :
                List.of(List.<String>of(), List.of("--key", ledger.key().toString()))) {
            List<String> all = new ArrayList<>(List.of("verify"));
            all.addAll(options);
            CommandRun verify = run(all.toArray(String[]::new));
            assertThat(verify.status()).isEqualTo(1);
            assertThat(verify.lines().get(0)).startsWith("damaged: entry " + height + ", " + damaged + ", byte 0: ");
            assertThat(verify.lines()).last().asString().startsWith("damaged: " + ledger.dir + ": ");
        }
    }

    @Test
    void lost_and_cut_off_entries_are_distinguished_from_damage() throws Exception {
        List<Path> segments = ledger.segments();
        Path last = segments.get(segments.size() - 1);
        long whole = Files.size(last);
        Files.writeString(last, "{\"data\":{", StandardOpenOption.APPEND);
        CommandRun torn = run("verify");
        assertThat(torn.status()).isEqualTo(1);
        assertThat(torn.lines().get(0)).startsWith("torn tail: entry 26, " + last + ", byte " + whole + ": ");
        assertThat(torn.lines().get(1))
                .startsWith("torn tail: " + ledger.dir + ": the first 25 entries verify; signed by: not checked");

        Files.delete(last);
        CommandRun missing = run("verify");
        assertThat(missing.status()).isEqualTo(1);
        assertThat(missing.out()).startsWith("missing entries: entry ");
    }

    @Test
    void a_foreign_key_and_a_missing_signature_are_failures() throws Exception {
        CommandRun foreign = run("verify", "--key", otherKey);
        assertThat(foreign.status()).isEqualTo(1);
        assertThat(foreign.lines()).last().asString().endsWith("; signed by host2/op-dbus/ledger: no (checked)");

        Files.delete(ledger.checkpoint());
        CommandRun unsigned = run("verify", "--key", ledger.key().toString());
        assertThat(unsigned.status()).isEqualTo(1);
        assertThat(unsigned.out()).startsWith("unsigned: ");
    }

    @Test
    void a_ledger_that_does_not_continue_a_kept_checkpoint_is_found() throws Exception {
        Path kept = file("kept", Files.readString(ledger.checkpoint()));
        ledger.append(3);
        String key = ledger.key().toString();
        assertThat(run("verify", "--key", key, "--anchor", kept.toString()).status())
                .isZero();
        String other = folder.resolve("other/ledger/checkpoint").toString();
        assertThat(run("verify", "--anchor", other).status()).isEqualTo(1);
        assertThat(run("verify", "--anchor", key).status()).isEqualTo(2);
    }

    @Test
    void a_proof_holds_with_the_right_key_and_no_ledger_at_all() throws Exception {
        CommandRun prove = run("prove", "7");
        assertThat(prove.status()).isZero();
        Path proof = file("proof", prove.out());
        Path key = file("host1.pub", Files.readString(ledger.key()));
        CommandRun check = CommandRun.of("ledger", "prove", "--check", proof.toString(), "--key", key.toString());
        assertThat(check.err()).isEmpty();
        assertThat(check.status()).isZero();
        assertThat(check.lines().get(0))
                .isEqualTo("proved: entry 7 is one of the 25 entries that host1/op-dbus/ledger has signed:");
        assertThat(check.lines()).contains("subject        107");
    }

    @Test
    void a_proof_that_was_changed_or_is_another_key_s_does_not_hold() throws Exception {
        String text = run("prove", "7").out();
        Path proof = file("proof", text);
        Path changed = file("changed", text.replace("index 6\n", "index 5\n"));
        Path half = file("half", text.substring(0, text.length() / 2));
        String key = ledger.key().toString();
        for (List<String> wrong : List.of(
                List.of(proof.toString(), otherKey), List.of(changed.toString(), key), List.of(half.toString(), key))) {
            CommandRun check = run("prove", "--check", wrong.get(0), "--key", wrong.get(1));
            assertThat(check.status()).as("%s", wrong).isEqualTo(1);
            assertThat(check.out()).isEmpty();
            assertThat(check.err().lines()).hasSize(1);
        }
        CommandRun absent = run("prove", "--check", folder.resolve("absent").toString(), "--key", key);
        assertThat(absent.status()).isEqualTo(2);
    }

    @Test
    void a_damaged_ledger_proves_nothing() throws Exception {
        ledger.tamperWith(0);
        CommandRun prove = run("prove", Integer.toString(ENTRIES));
        assertThat(prove.status()).isEqualTo(1);
        assertThat(prove.out()).isEmpty();
        assertThat(prove.err()).startsWith("op-dbus: cannot prove anything: damaged: entry 1, ");
    }

    @Test
    void that_a_ledger_only_grew_can_be_proved() throws Exception {
        Path older = file("older", Files.readString(ledger.checkpoint()));
        ledger.append(10);
        Path newer = file("newer", Files.readString(ledger.checkpoint()));
        CommandRun toNow = run("consistency", older.toString());
        assertThat(toNow.status()).isZero();
        assertThat(run("consistency", older.toString(), newer.toString()).out()).isEqualTo(toNow.out());

        Path proof = file("proof", toNow.out());
        String key = ledger.key().toString();
        CommandRun check = CommandRun.of("ledger", "consistency", "--check", proof.toString(), "--key", key);
        assertThat(check.status()).isZero();
        assertThat(check.out())
                .isEqualTo("proved: the ledger of 35 entries that host1/op-dbus/ledger has signed begins with the 25"
                        + " that it had signed before\n");
        assertThat(run("consistency", "--check", proof.toString(), "--key", otherKey)
                        .status())
                .isEqualTo(1);
    }

    @Test
    void another_history_is_not_the_same_ledger_grown() throws Exception {
        String other = folder.resolve("other/ledger/checkpoint").toString();
        CommandRun run = run("consistency", other);
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("history was rewritten");
        assertThat(run("consistency", ledger.key().toString()).status()).isEqualTo(2);
    }
}
