// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.files;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.opdbus.verticles.kernel.RegularFile;

/**
 * The files of the host, named by their absolute paths, below a root that tests choose. It reads regular files only, up to
 * {@value #BYTES_MAX} bytes each. It can wait as long as the file system takes.
 */
public final class HostFiles {
    /** A longer file is refused. */
    public static final int BYTES_MAX = 256 * 1024;

    private static final int NAMES_MAX = 4_096;

    private final Path root;

    /** Creates the files below a root. */
    public HostFiles(Path root) {
        this.root = root;
    }

    /** Returns whether anything has this name, also a symbolic link that leads nowhere. */
    public boolean exists(String path) {
        return Files.exists(at(path), LinkOption.NOFOLLOW_LINKS);
    }

    /** Returns whether one of these exists. */
    public boolean existsAny(String... paths) {
        for (String path : paths) {
            if (exists(path)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Returns the text of a file, if it exists; bytes that are no UTF-8 are replaced.
     *
     * @throws IOException if it is not a regular file, is too long, or cannot be read
     */
    public Optional<String> text(String path) throws IOException {
        return RegularFile.readIfExists(at(path), BYTES_MAX).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
    }

    /**
     * Returns the text of a file, if it exists, so that writing the text again gives the same bytes.
     *
     * @throws IOException if it is not a regular file, is too long, cannot be read, or is not UTF-8
     */
    public Optional<String> exactText(String path) throws IOException {
        Optional<byte[]> bytes = RegularFile.readIfExists(at(path), BYTES_MAX);
        if (bytes.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes.get()))
                    .toString());
        } catch (CharacterCodingException e) {
            throw new FileSystemException(path, null, "is not text in UTF-8");
        }
    }

    /** Returns where a symbolic link leads, as it is written there; empty if this is none. */
    public Optional<String> target(String path) throws IOException {
        Path link = at(path);
        return Files.isSymbolicLink(link)
                ? Optional.of(Files.readSymbolicLink(link).toString())
                : Optional.empty();
    }

    /**
     * Returns the names of the regular files in a folder, sorted; nothing if there is no such folder. Symbolic links are left
     * out.
     */
    public List<String> names(String folder) throws IOException {
        return list(folder, LinkOption.NOFOLLOW_LINKS);
    }

    /** Returns the same together with the symbolic links that lead to a regular file. */
    public List<String> namesAndLinks(String folder) throws IOException {
        return list(folder);
    }

    /** Returns the names of the folders in a folder, sorted; nothing if there is no such folder. */
    public List<String> folders(String folder) throws IOException {
        return list(folder, Files::isDirectory);
    }

    private List<String> list(String folder, LinkOption... options) throws IOException {
        return list(folder, entry -> Files.isRegularFile(entry, options));
    }

    private List<String> list(String folder, Predicate<Path> isWanted) throws IOException {
        List<String> names = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(at(folder))) {
            for (Path entry : entries) {
                if (names.size() >= NAMES_MAX) {
                    throw new FileSystemException(folder, null, "has more than " + NAMES_MAX + " files");
                }
                if (isWanted.test(entry)) {
                    names.add(String.valueOf(entry.getFileName()));
                }
            }
        } catch (NoSuchFileException | NotDirectoryException none) {
            return List.of();
        }
        Collections.sort(names);
        return names;
    }

    private Path at(String path) {
        return root.resolve(path.substring(1));
    }
}
