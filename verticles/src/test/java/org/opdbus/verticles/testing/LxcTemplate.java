// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One busybox root file system made by the lxc-busybox template, of which containers get copies in milliseconds. */
final class LxcTemplate {
    private static final String TEMPLATE = "/usr/share/lxc/templates/lxc-busybox";
    private static final List<String> LIBRARIES = List.of("lib", "usr/lib", "lib64", "usr/lib64");

    private final Path folder;
    private Optional<Path> rootfs = Optional.empty();

    LxcTemplate(Path folder) {
        this.folder = folder;
    }

    /** Makes a container's folder. The configuration is written beside it first and moved in as the last step. */
    void instantiate(Path container, LxcContainers.Definition definition) {
        try {
            Files.createDirectories(container);
            copy(rootfs(), container.resolve("rootfs"));
            Path unfinished = container.resolve("config.new");
            Files.write(unfinished, configuration(container, definition));
            Files.move(unfinished, container.resolve("config"), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot make container " + definition.id(), e);
        }
    }

    private static List<String> configuration(Path container, LxcContainers.Definition definition) {
        List<String> lines = new ArrayList<>();
        lines.add("lxc.rootfs.path = dir:" + container.resolve("rootfs"));
        lines.add("lxc.uts.name = " + definition.id());
        lines.add("lxc.apparmor.profile = unconfined");
        lines.add("lxc.signal.halt = SIGUSR1");
        lines.add("lxc.signal.reboot = SIGTERM");
        lines.add("lxc.autodev = 1");
        lines.add("lxc.tty.max = 1");
        lines.add("lxc.pty.max = 16");
        lines.add("lxc.mount.auto = cgroup:mixed proc:mixed sys:ro");
        for (String library : LIBRARIES) {
            if (Files.isDirectory(Path.of("/").resolve(library))) {
                lines.add("lxc.mount.entry = /" + library + " " + library + " none ro,bind 0 0");
            }
        }
        lines.addAll(definition.network());
        lines.addAll(definition.extra());
        return lines;
    }

    private synchronized Path rootfs() throws IOException {
        if (rootfs.isEmpty()) {
            rootfs = Optional.of(build());
        }
        return rootfs.get();
    }

    /** The template's own start script waits for DHCP for ever, so init would never come to hear a reboot. */
    private Path build() throws IOException {
        Files.createDirectories(folder);
        Path made = folder.resolve("rootfs");
        Process process = new ProcessBuilder(TEMPLATE, "--name=template", "--path=" + folder, "--rootfs=" + made)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        try {
            if (process.waitFor() != 0) {
                throw new IOException(TEMPLATE + " failed; install lxc-templates and busybox-static: "
                        + Files.readString(folder.resolve("log")));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while making the template", e);
        }
        Files.writeString(made.resolve("etc/init.d/rcS"), "#!/bin/sh\n/bin/mount -a\n");
        Files.writeString(made.resolve("etc/inittab"), "::sysinit:/etc/init.d/rcS\n");
        return made;
    }

    /** Programs are hard links to the template's, everything else is a copy that the container may change. */
    private static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path source, BasicFileAttributes attributes) throws IOException {
                Files.copy(source, target(source), StandardCopyOption.COPY_ATTRIBUTES);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path source, BasicFileAttributes attributes) throws IOException {
                if (attributes.isRegularFile() && attributes.size() > 100_000) {
                    Files.createLink(target(source), source);
                } else {
                    Files.copy(source, target(source), StandardCopyOption.COPY_ATTRIBUTES, LinkOption.NOFOLLOW_LINKS);
                }
                return FileVisitResult.CONTINUE;
            }

            private Path target(Path source) {
                return to.resolve(from.relativize(source));
            }
        });
    }

    /** Removes a folder and all that it holds, without following links. */
    static void delete(Path folder) {
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                        throws IOException {
                    if (failure != null) {
                        throw failure;
                    }
                    Files.delete(directory);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove " + folder, e);
        }
    }
}
