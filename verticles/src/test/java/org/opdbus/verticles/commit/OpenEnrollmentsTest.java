// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.commit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.events.Address;
import org.opdbus.ledger.Draft;
import org.opdbus.ledger.LedgerOptions;
import org.opdbus.ledger.read.LedgerFold;
import org.opdbus.ledger.read.LedgerReader;
import org.opdbus.ledger.write.FileLedger;
import org.opdbus.verticles.view.Enrollment;

class OpenEnrollmentsTest {
    private static final int CONTAINERS = 5;

    @TempDir
    Path folder;

    private final Random random = new Random(7);
    private int enrolments;

    /** Random events of containers: most enrolments begin, some end, some containers are enrolled again. */
    private Draft fact() {
        String container = "c" + random.nextInt(CONTAINERS);
        if (random.nextInt(50) == 0) {
            String boot = random.nextBoolean() ? "now" : "before";
            return new Draft(Address.AGENT_STARTED.kind(), "host1", Map.of("boot", boot));
        }
        if (random.nextInt(3) == 0) {
            String kind = random.nextBoolean() ? Address.CONTAINER_LEFT.kind() : Address.ENROLLMENT_LOST.kind();
            return new Draft(kind, container, Map.of("enrollment", "e" + random.nextInt(enrolments + 1)));
        }
        return new Draft(
                Address.CONTAINER_ENROLLED.kind(),
                container,
                Map.of(
                        "enrollment",
                        "e" + enrolments++,
                        "index",
                        random.nextInt(3),
                        "link",
                        "vi" + container,
                        "bridge",
                        "ovsbr0"));
    }

    @Test
    void a_clock_that_was_set_since_does_not_make_another_boot_of_this_one() {
        Path dir = folder.resolve("ledger");
        try (FileLedger ledger = FileLedger.open(LedgerOptions.of(dir, "host1"))) {
            for (String boot : List.of("before", "now")) {
                ledger.append(new Draft(Address.AGENT_STARTED.kind(), "host1", Map.of("boot", boot)))
                        .join();
                ledger.append(new Draft(
                                Address.CONTAINER_ENROLLED.kind(),
                                boot,
                                Map.of("enrollment", boot, "index", 7, "link", "vi1", "bridge", "ovsbr0")))
                        .join();
            }
        }
        // By the present clock, the host was booted after all of this.
        Boot late = new Boot(Instant.now().plusSeconds(3_600), "now");
        OpenEnrollments open = new OpenEnrollments(late);
        LedgerReader.of(dir).from(1, open::add);
        assertThat(open.open()).extracting(Enrollment::index).containsExactly(0, 7);
        assertThat(open.remaining()).hasSize(4);
    }

    @Test
    void what_is_remembered_leads_to_the_same_enrolments_as_reading_everything() {
        Path dir = folder.resolve("ledger");
        LedgerFold fold = LedgerFold.of(dir, folder.resolve("open-enrollments"));
        for (int run = 0; run < 5; run++) {
            try (FileLedger ledger = FileLedger.open(LedgerOptions.of(dir, "host1"))) {
                for (int i = 0; i < 300; i++) {
                    ledger.append(fact()).join();
                }
            }
            for (Instant boot : List.of(Instant.EPOCH, Instant.now())) {
                OpenEnrollments everything = new OpenEnrollments(new Boot(boot, "now"));
                LedgerReader.of(dir).from(1, everything::add);
                List<Enrollment> remembered = List.copyOf(fold.read(() -> new OpenEnrollments(new Boot(boot, "now")))
                        .open());
                assertThat(remembered).isNotEmpty().isEqualTo(List.copyOf(everything.open()));
            }
            assertThat(Files.exists(folder.resolve("open-enrollments"))).isTrue();
        }
    }
}
