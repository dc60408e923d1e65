// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The empty control groups that LXC leaves of a stopped container now and then. Its monitor removes them as it ends, and gives up if a
 * program that it had started is in one still. They belong to no namespace, so they would outlive the laboratory.
 */
final class LeftGroups {
    private static final Path ROOT = Path.of("/sys/fs/cgroup");
    private static final int DEPTH_MAX = 6;
    /** A younger empty group may be of a container of the same name that another test is starting. */
    private static final Duration LEFT_AFTER = Duration.ofSeconds(10);

    private LeftGroups() {}

    /** Removes what is left of these containers, all of which have stopped. */
    static void remove(Collection<String> ids) {
        if (ids.isEmpty()) {
            return;
        }
        String any = ids.stream().map(Pattern::quote).collect(Collectors.joining("|"));
        // LXC appends a number to a name that is taken.
        Pattern names = Pattern.compile("lxc[.](monitor|payload)[.](" + any + ")(-[0-9]+)?");
        eventually(() -> {
            Instant now = Instant.now();
            List<Path> young = new ArrayList<>();
            for (Path group : groups(names)) {
                if (isUsed(group)) {
                    continue;
                }
                if (age(group, now).compareTo(LEFT_AFTER) > 0) {
                    delete(group);
                } else {
                    young.add(group);
                }
            }
            assertThat(young).isEmpty();
        });
    }

    private static List<Path> groups(Pattern names) {
        try (Stream<Path> found = Files.find(
                ROOT,
                DEPTH_MAX,
                (path, attributes) -> attributes.isDirectory()
                        && names.matcher(path.getFileName().toString()).matches())) {
            return found.toList();
        } catch (IOException | UncheckedIOException e) {
            throw again(e);
        }
    }

    private static boolean isUsed(Path group) {
        try (Stream<Path> below = Files.walk(group)) {
            for (Path processes :
                    below.filter(path -> path.endsWith("cgroup.procs")).toList()) {
                if (!Files.readString(processes).isBlank()) {
                    return true;
                }
            }
            return false;
        } catch (IOException | UncheckedIOException e) {
            throw again(e);
        }
    }

    private static Duration age(Path group, Instant now) {
        try {
            return Duration.between(Files.getLastModifiedTime(group).toInstant(), now);
        } catch (IOException e) {
            throw again(e);
        }
    }

    private static void delete(Path group) {
        try (Stream<Path> below = Files.walk(group)) {
            for (Path folder : below.filter(Files::isDirectory)
                    .sorted(Comparator.reverseOrder())
                    .toList()) {
                Files.delete(folder);
            }
        } catch (IOException | UncheckedIOException e) {
            throw again(e);
        }
    }

    /** Groups of other tests vanish while they are read: another look is needed. */
    private static AssertionError again(Exception e) {
        return new AssertionError("the control groups changed during the look", e);
    }
}
