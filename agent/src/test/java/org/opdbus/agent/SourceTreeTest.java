// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A reader guesses from the listing what a class is for, so a name stands for one class and a package for one concept. */
class SourceTreeTest {
    private static final List<String> MODULES = List.of("events", "ledger", "config", "verticles", "agent");
    private static final int CLASSES_MAX = 25;

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    @Test
    void a_name_stands_for_one_class() throws IOException {
        Map<String, List<Path>> byName = sources("main", "test")
                .collect(Collectors.groupingBy(
                        file -> String.valueOf(file.getFileName()), TreeMap::new, Collectors.toList()));

        assertThat(byName).hasSizeGreaterThan(500);
        byName.values().removeIf(files -> files.size() == 1);
        assertThat(byName).isEmpty();
    }

    @Test
    void a_package_is_small_enough_for_one_concept() throws IOException {
        Map<String, Long> sizes = sources("main")
                .collect(Collectors.groupingBy(
                        file -> ROOT.relativize(file.resolveSibling("")).toString(),
                        TreeMap::new,
                        Collectors.counting()));

        assertThat(sizes).hasSizeGreaterThan(30);
        sizes.entrySet().removeIf(each -> each.getValue() <= CLASSES_MAX);
        assertThat(sizes).isEmpty();
    }

    private static Stream<Path> sources(String... kinds) throws IOException {
        Stream.Builder<Path> files = Stream.builder();
        for (String module : MODULES) {
            for (String kind : kinds) {
                Path folder = ROOT.resolve(module).resolve("src").resolve(kind).resolve("java");
                try (Stream<Path> walk = Files.walk(folder, 20)) {
                    walk.filter(file -> file.toString().endsWith(".java"))
                            .filter(file -> !file.endsWith("package-info.java"))
                            .forEach(files::add);
                }
            }
        }
        return files.build();
    }
}
