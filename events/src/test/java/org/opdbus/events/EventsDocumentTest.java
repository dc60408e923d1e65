// SPDX-License-Identifier: Apache-2.0
package org.opdbus.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** docs/EVENTS.md is part of the product, so it has to be true. */
class EventsDocumentTest {
    private static final Path DOCUMENT = Path.of("../docs/EVENTS.md");

    @Test
    void the_document_lists_every_address_with_its_record_in_order() throws IOException {
        List<String> documented = Files.readAllLines(DOCUMENT).stream()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.split("\\|", -1))
                .map(cells -> cells[1].strip() + " " + cells[2].strip())
                .toList();

        assertThat(documented)
                .isEqualTo(Address.ALL.stream()
                        .map(address ->
                                "`" + address.kind() + "` `" + address.type().getSimpleName() + "`")
                        .toList());
    }

    @Test
    void every_record_of_the_family_has_one_address() {
        Set<Class<?>> addressed = Address.ALL.stream().map(Address::type).collect(Collectors.toSet());

        assertThat(addressed).hasSize(Address.ALL.size()).containsExactlyInAnyOrderElementsOf(records());
    }

    private static List<Class<?>> records() {
        List<Class<?>> records = new ArrayList<>();
        for (Class<?> family : Event.class.getPermittedSubclasses()) {
            records.addAll(List.of(family.getPermittedSubclasses()));
        }
        return records;
    }

    @Test
    void a_kind_is_its_record_s_name_in_words() {
        for (Address<? extends Event> address : Address.ALL) {
            String words = String.join("-", address.type().getSimpleName().split("(?=[A-Z])", -1));
            assertThat(address.kind()).isEqualTo(words.toLowerCase(Locale.ROOT).replaceFirst("-", "."));
        }
    }
}
