// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.driver.lxc;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.opdbus.config.state.ContainerProperties;
import org.opdbus.config.state.DesiredContainer;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.driver.DriverException;
import org.opdbus.verticles.driver.DriverException.Reason;
import org.opdbus.verticles.driver.NewContainer;
import org.opdbus.verticles.files.AtomicFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates an LXC container, completely or not at all. */
final class LxcCreation {
    /** The default template: it needs no network, and is on every host that has LXC. */
    static final String TEMPLATE_DEFAULT = "busybox";

    private static final Logger LOG = LoggerFactory.getLogger(LxcCreation.class);
    private static final SecureRandom RANDOM = new SecureRandom();

    private final LxcTools tools;
    private final LxcSettings settings;
    private final Path etc;
    private final Duration limit;

    LxcCreation(LxcTools tools, LxcSettings settings, Path etc, Duration limit) {
        this.tools = tools;
        this.settings = settings;
        this.etc = etc;
        this.limit = limit;
    }

    /** What is still to be done to a new container before it counts as made. */
    interface Completion {
        void complete() throws IOException, DriverException;
    }

    void create(NewContainer request) throws DriverException, InterruptedException {
        create(request, () -> {});
    }

    /**
     * Creates a container and completes it. If this process is killed before the completion has ended, the completion is undone with
     * the rest.
     */
    void create(NewContainer request, Completion completion) throws DriverException, InterruptedException {
        ContainerId id = request.id();
        if (!id.value().matches(DesiredContainer.ID_PATTERN)) {
            throw new DriverException(
                    Reason.INVALID,
                    "no container can be called \"" + id + "\"",
                    "use 1 to 63 letters, digits, dots, dashes and underscores, beginning with a letter or digit");
        }
        ContainerProperties properties = request.properties();
        settings.check(properties);
        Optional<IdMap> idMap =
                properties.unprivileged().orElse(false) ? Optional.of(IdMap.read(etc)) : Optional.empty();
        clearRuins(id);
        Path rootfs = rootfs(id, properties);
        boolean rootfsIsNew = !Files.exists(rootfs);
        reserve(id, idMap.isPresent());
        boolean done = false;
        try {
            CreationMark.ours(Optional.of(rootfs).filter(path -> rootfsIsNew)).writeTo(tools.folder(id));
            make(request, idMap, rootfs);
            completion.complete();
            CreationMark.removeFrom(tools.folder(id));
            done = true;
        } catch (IOException failure) {
            throw new DriverException(
                    Reason.FILE,
                    "container " + id + " was not created: " + failure,
                    "check that there is space",
                    failure);
        } finally {
            if (!done) {
                discard(tools.folder(id));
                if (rootfsIsNew) {
                    discard(rootfs);
                }
            }
        }
    }

    /** Removes what a process left that was killed while it created this container. */
    void clearRuins(ContainerId id) throws DriverException {
        Path folder = tools.folder(id);
        try {
            Optional<CreationMark> mark = CreationMark.read(folder);
            if (mark.isEmpty()) {
                return;
            }
            Optional<Long> worker =
                    mark.get().isAlive() ? Optional.of(mark.get().pid()) : tools.creatorOf(id);
            if (worker.isPresent()) {
                throw beingCreated(id, "process " + worker.get());
            }
            boolean isCleared = mark.get().whileIn(folder, () -> {
                mark.get().rootfs().ifPresent(LxcCreation::discard);
                discard(folder);
            });
            if (!isCleared) {
                throw beingCreated(id, "another process");
            }
            LOG.info("folder={} was left by a process that was killed while it created the container; removed", folder);
        } catch (IOException failure) {
            throw new DriverException(
                    Reason.FILE,
                    "the remains of an earlier creation of container " + id + " cannot be read: " + failure,
                    "remove " + folder + " by hand",
                    failure);
        }
    }

    private static DriverException beingCreated(ContainerId id, String by) {
        return new DriverException(
                Reason.LOCKED,
                "container " + id + " is being created by " + by,
                "wait until that process has ended, and try again");
    }

    private Path rootfs(ContainerId id, ContainerProperties properties) throws DriverException {
        if (properties.rootfs().isEmpty()) {
            return tools.folder(id).resolve("rootfs");
        }
        Path rootfs = Path.of(properties.rootfs().get());
        if (!rootfs.isAbsolute()) {
            throw new DriverException(
                    Reason.INVALID,
                    "rootfs must be an absolute path for LXC, is " + rootfs,
                    "STORAGE:SIZE is Proxmox's form; set a path, or leave rootfs out");
        }
        if (Files.exists(rootfs) && !isEmptyFolder(rootfs)) {
            throw new DriverException(
                    Reason.INVALID,
                    "rootfs " + rootfs + " exists and is not an empty folder",
                    "choose another one, or move the present files");
        }
        return rootfs;
    }

    private static boolean isEmptyFolder(Path path) {
        try (Stream<Path> entries = Files.list(path)) {
            return entries.findAny().isEmpty();
        } catch (IOException noFolder) {
            return false;
        }
    }

    /**
     * Makes the container's folder: of two processes that try, one succeeds. From then on this process may remove it.
     */
    private void reserve(ContainerId id, boolean unprivileged) throws DriverException {
        Path folder = tools.folder(id);
        // The root of an unprivileged container is an unprivileged user here, and must be able to
        // reach its files.
        String mode = unprivileged ? "rwxr-xr-x" : "rwxr-x---";
        try {
            Files.createDirectories(folder.toAbsolutePath().getParent());
            Files.createDirectory(folder);
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(mode));
        } catch (FileAlreadyExistsException exists) {
            throw new DriverException(
                    Reason.ALREADY_EXISTS,
                    "there is a container " + id + " already: " + folder,
                    tools.isDefined(id)
                            ? "destroy it first, or keep it unchanged"
                            : "it has no config: remove the folder unless a program is creating " + "the container now",
                    exists);
        } catch (IOException failure) {
            throw new DriverException(Reason.FILE, folder + " cannot be made: " + failure, "", failure);
        }
    }

    private void make(NewContainer request, Optional<IdMap> idMap, Path rootfs)
            throws IOException, DriverException, InterruptedException {
        ContainerId id = request.id();
        ContainerProperties properties = request.properties();
        String template = properties.template().orElse(TEMPLATE_DEFAULT);
        LxcConfigText first = LxcConfigText.empty();
        LxcSettings.link(first, request.hostLink().value(), mac());
        // LXC makes a profile for this container where there is AppArmor, and ignores the line
        // elsewhere.
        first.set("lxc.apparmor.profile", "generated");
        idMap.ifPresent(map -> map.lines().forEach(line -> first.add(LxcSettings.ID_MAP, line)));
        Path firstFile = Files.createTempFile("op-dbus-", ".conf");
        try {
            Files.write(firstFile, first.toBytes());
            List<String> arguments = new ArrayList<>(List.of("--template=" + template, "--config=" + firstFile));
            if (properties.rootfs().isPresent()) {
                arguments.add("--bdev=dir");
                arguments.add("--dir=" + rootfs);
            }
            tools.create(id, limit, arguments);
        } finally {
            Files.deleteIfExists(firstFile);
        }
        // A template adds keys of its own, so ours are written after it.
        LxcConfigText config = tools.read(id);
        config.setNote("template", template);
        config.set("lxc.uts.name", id.value());
        settings.write(config, properties);
        AtomicFile.replace(tools.config(id), config.toBytes());
        GuestNetworkFiles.resolver(rootfs, properties.nameserver(), properties.searchdomain());
        GuestNetworkFiles.address(rootfs, properties.ipv4().isPresent());
    }

    /** Returns an address in the range that LXC's own templates use; it does not change from now on. */
    private static String mac() {
        return String.format("00:16:3e:%02x:%02x:%02x", RANDOM.nextInt(256), RANDOM.nextInt(256), RANDOM.nextInt(256));
    }

    private static void discard(Path folder) {
        try {
            if (Files.exists(folder)) {
                Files.walkFileTree(folder, new Remover());
            }
        } catch (IOException e) {
            LOG.warn(
                    "folder={} of a container that was not created could not be removed; remove it by hand", folder, e);
        }
    }

    private static final class Remover extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException failure) throws IOException {
            Files.delete(folder);
            return FileVisitResult.CONTINUE;
        }
    }
}
