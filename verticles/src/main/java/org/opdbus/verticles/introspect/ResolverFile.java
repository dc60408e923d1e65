// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.introspect;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.opdbus.verticles.kernel.RegularFile;

/**
 * A file of resolv.conf(5).
 *
 * @param target where it leads, if it is a symbolic link
 */
record ResolverFile(Optional<String> target, List<String> nameservers, List<String> search, List<String> options) {
    static final ResolverFile NONE = new ResolverFile(Optional.empty(), List.of(), List.of(), List.of());

    private static final int BYTES_MAX = 64 * 1024;
    private static final int VALUES_MAX = 256;

    ResolverFile {
        nameservers = List.copyOf(nameservers);
        search = List.copyOf(search);
        options = List.copyOf(options);
    }

    /**
     * Reads a file, and follows it if it is a symbolic link; blocks.
     *
     * @return no values if it does not exist
     * @throws IOException if it leads to something else than a regular file, is too long, or cannot be read
     */
    static ResolverFile read(Path file) throws IOException {
        Optional<String> target = Files.isSymbolicLink(file)
                ? Optional.of(Files.readSymbolicLink(file).toString())
                : Optional.empty();
        Path real = target.isPresent() && Files.exists(file) ? file.toRealPath() : file;
        Optional<byte[]> bytes =
                target.isPresent() && real.equals(file) ? Optional.empty() : RegularFile.readIfExists(real, BYTES_MAX);
        return parse(
                target,
                bytes.map(text -> new String(text, StandardCharsets.UTF_8)).orElse(""));
    }

    /** Reads the text of a file. As the resolver does, it uses the last {@code search} or {@code domain}. */
    static ResolverFile parse(Optional<String> target, String text) {
        List<String> nameservers = new ArrayList<>();
        List<String> search = new ArrayList<>();
        List<String> options = new ArrayList<>();
        text.lines().forEach(line -> {
            List<String> words = Arrays.stream(line.split("[ \\t]+", -1))
                    .filter(word -> !word.isEmpty())
                    .toList();
            // A comment begins in the first column.
            if (words.size() < 2 || line.startsWith("#") || line.startsWith(";")) {
                return;
            }
            List<String> values = words.subList(1, words.size());
            switch (words.get(0)) {
                case "nameserver" -> add(nameservers, values.subList(0, 1));
                case "search", "domain" -> {
                    search.clear();
                    add(search, values);
                }
                case "options" -> add(options, values);
                default -> {
                    // The resolver ignores what it does not know.
                }
            }
        });
        return new ResolverFile(target, nameservers, search, options);
    }

    private static void add(List<String> to, List<String> values) {
        to.addAll(values.subList(0, Math.max(0, Math.min(values.size(), VALUES_MAX - to.size()))));
    }
}
