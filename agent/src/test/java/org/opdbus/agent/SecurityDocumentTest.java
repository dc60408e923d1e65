// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/SECURITY.md names the test of each promise, so those tests must exist. */
final class SecurityDocumentTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path DOCUMENT = ROOT.resolve("docs/SECURITY.md");
    private static final Pattern TEST = Pattern.compile("`([A-Z][A-Za-z0-9]*(?:Test|IT))`");
    private static final Pattern FILE = Pattern.compile("`(deploy/[^` ]+)`");

    @Test
    void every_test_that_it_names_exists() throws IOException {
        Set<String> named = named(TEST);
        assertThat(named).hasSizeGreaterThan(20);
        assertThat(tests()).containsAll(named);
    }

    @Test
    void every_program_that_it_names_exists() throws IOException {
        assertThat(named(FILE)).isNotEmpty().allMatch(file -> Files.exists(ROOT.resolve(file)));
    }

    @Test
    void every_promise_in_a_table_names_a_test() throws IOException {
        List<String> lines = Files.readAllLines(DOCUMENT);
        boolean isPromises = false;
        for (String line : lines) {
            isPromises = line.startsWith("| promise |") || (isPromises && line.startsWith("|"));
            if (isPromises && !line.startsWith("| promise |") && !line.startsWith("|---")) {
                assertThat(TEST.matcher(line).find()).as(line).isTrue();
            }
        }
    }

    private static Set<String> named(Pattern pattern) throws IOException {
        return pattern.matcher(Files.readString(DOCUMENT))
                .results()
                .map((MatchResult found) -> found.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> tests() throws IOException {
        Set<String> all = new TreeSet<>();
        for (String module : List.of("events", "config", "ledger", "verticles", "agent")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/test/java"))) {
                files.map(file -> file.getFileName().toString())
                        .filter(name -> name.endsWith(".java"))
                        .map(name -> name.substring(0, name.length() - ".java".length()))
                        .forEach(all::add);
            }
        }
        return all;
    }
}
