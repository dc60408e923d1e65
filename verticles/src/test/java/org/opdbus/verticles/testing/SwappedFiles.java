// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.testing;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * An attacker that is root in a container: it puts a FIFO, a symbolic link out of the container, a symbolic link to a device,
 * a large file and a small one in the place of the same files, one after the other, as fast as it can.
 */
public final class SwappedFiles extends Attacker {
    private static final long LARGE_BYTES = 1L << 30;
    private static final long LIMIT_S = 60;

    private final List<Path> files;
    private final Path stock;
    private final List<Path> kinds;
    private int number;

    /**
     * An attacker of these files.
     *
     * @param stock a folder of the same file system, in which it makes what it puts in their place
     */
    public SwappedFiles(Path stock, List<Path> files) throws IOException {
        super("swapped files");
        this.stock = stock;
        this.files = List.copyOf(files);
        Files.createDirectories(stock);
        for (Path file : files) {
            Files.createDirectories(file.resolve("..").normalize());
        }
        Path fifo = fifo();
        Path large = stock.resolve("large");
        try (RandomAccessFile sparse = new RandomAccessFile(large.toFile(), "rw")) {
            sparse.setLength(LARGE_BYTES);
        }
        Path small = Files.writeString(stock.resolve("small"), "{\"id\":\"x\"}");
        kinds = List.of(fifo, link("out", Path.of("/etc/shadow")), link("zero", Path.of("/dev/zero")), large, small);
    }

    private Path fifo() throws IOException {
        Path fifo = stock.resolve("fifo");
        Files.deleteIfExists(fifo);
        try {
            Process made = new ProcessBuilder("mkfifo", fifo.toString()).start();
            if (!made.waitFor(LIMIT_S, TimeUnit.SECONDS) || made.exitValue() != 0) {
                throw new IOException("mkfifo " + fifo + " failed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        return fifo;
    }

    private Path link(String name, Path target) throws IOException {
        Path link = stock.resolve(name);
        Files.deleteIfExists(link);
        return Files.createSymbolicLink(link, target);
    }

    @Override
    void round() throws IOException {
        Path kind = kinds.get(number % kinds.size());
        Path next = stock.resolve("next");
        Files.deleteIfExists(next);
        Files.createLink(next, kind);
        Files.move(
                next,
                files.get(number / kinds.size() % files.size()),
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
        number++;
    }

    @Override
    void end() throws IOException {
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
    }
}
