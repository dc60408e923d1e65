// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.proxmox;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.opdbus.events.ContainerId;
import org.opdbus.events.ContainerId.Kind;
import org.opdbus.events.ProxmoxEvent;
import org.opdbus.events.ProxmoxEvent.ProxmoxConfigured;
import org.opdbus.events.ProxmoxEvent.ProxmoxUnconfigured;
import org.opdbus.events.ProxmoxEvent.ProxmoxUnreadable;
import org.opdbus.verticles.proxmox.ConfigurationParser.MalformedException;

/**
 * The folder of {@code VMID.conf} files of containers, or that of virtual machines. Each call reads the files again and may take as
 * long as the file system does.
 */
final class ConfigurationFolder {
    private static final int BYTES_MAX = 1_048_576;
    private static final Pattern FILE = Pattern.compile("([1-9][0-9]{2,8})\\.conf");

    private final Path folder;
    private final Kind kind;

    /** The folder of guests of one kind: {@code LXC} or {@code VM}. */
    ConfigurationFolder(Path folder, Kind kind) {
        this.folder = folder;
        this.kind = kind;
    }

    /** Returns the guest whose configuration file has this name; empty if none can have it. */
    Optional<ContainerId> guestOf(String fileName) {
        Matcher matcher = FILE.matcher(fileName);
        return matcher.matches() ? Optional.of(kind.id(matcher.group(1))) : Optional.empty();
    }

    /** Returns whether this can be a guest of Proxmox of this folder's kind. */
    boolean holds(ContainerId id) {
        return id.kind() == kind && FILE.matcher(id.own() + ".conf").matches();
    }

    Path path() {
        return folder;
    }

    /**
     * Returns the configured guests; empty if this is not a host of Proxmox VE. The folder of machines may be missing on such a
     * host: the other one says whether it is one.
     *
     * @throws IOException if it is one and its folder cannot be listed, for example because its
     * cluster file system is not mounted, which leaves an empty folder
     */
    Optional<List<ContainerId>> list() throws IOException {
        Path parent = folder.getParent();
        try (Stream<Path> files = Files.list(folder)) {
            return Optional.of(files.flatMap(file -> guestOf(String.valueOf(file.getFileName())).stream())
                    .sorted()
                    .toList());
        } catch (NoSuchFileException | NotDirectoryException none) {
            if (kind == Kind.LXC && parent != null && Files.exists(parent)) {
                throw new IOException(
                        folder + " does not exist, although " + parent + " does; check that pve-cluster runs", none);
            }
            return Optional.empty();
        } catch (UncheckedIOException failure) {
            throw failure.getCause();
        }
    }

    /**
     * Returns the present content of a guest's file. Never fails: for an unreadable file it
     * returns an event that says so.
     */
    ProxmoxEvent read(ContainerId id) {
        Path file = folder.resolve(id.own() + ".conf");
        try (InputStream in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(BYTES_MAX + 1);
            if (bytes.length > BYTES_MAX) {
                return new ProxmoxUnreadable(id, file + " is larger than any configuration");
            }
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return new ProxmoxConfigured(id, ConfigurationParser.parse(text, kind));
        } catch (NoSuchFileException gone) {
            return new ProxmoxUnconfigured(id);
        } catch (CharacterCodingException wrong) {
            return new ProxmoxUnreadable(id, file + " is not UTF-8");
        } catch (MalformedException wrong) {
            return new ProxmoxUnreadable(id, file + ": " + wrong.getMessage());
        } catch (IOException failure) {
            return new ProxmoxUnreadable(id, file + " cannot be read: " + failure);
        }
    }
}
