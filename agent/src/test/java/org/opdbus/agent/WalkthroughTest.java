// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/WALKTHROUGH.md leads newcomers through the code, so every class that it names must exist. */
class WalkthroughTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern NAME = Pattern.compile("`([A-Z][a-z]\\w+)(?:\\.\\w+)?`");
    private static final Pattern DECLARATION = Pattern.compile("\\b(?:class|interface|record|enum) ([A-Z]\\w+)");

    @Test
    void every_class_that_the_page_names_exists() throws IOException {
        Set<String> named = all(NAME, Files.readString(ROOT.resolve("docs/WALKTHROUGH.md")));

        assertThat(named).hasSizeGreaterThan(30);
        assertThat(declared()).containsAll(named);
    }

    private static Set<String> declared() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT, 20)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .flatMap(file -> all(DECLARATION, read(file)).stream())
                    .collect(Collectors.toSet());
        }
    }

    private static Set<String> all(Pattern pattern, String text) {
        Set<String> found = new TreeSet<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
