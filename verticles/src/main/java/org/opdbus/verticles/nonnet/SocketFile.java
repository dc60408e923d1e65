// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.nonnet;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.nonnet.NonNetException.Reason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The socket's place in the file system. The server binds the socket under another name, sets its rights, and then renames it.
 * So no client finds the socket without its rights, or finds no socket while the server replaces one whose process is dead.
 * Every method blocks.
 */
final class SocketFile {
    private static final Logger LOG = LoggerFactory.getLogger(SocketFile.class);
    private static final int TYPE_MASK = 0170000;
    private static final int TYPE_SOCKET = 0140000;

    private final Path path;
    private final String group;
    private @Nullable Object madeKey;

    SocketFile(Path path, String group) {
        this.path = path;
        this.group = group;
    }

    /**
     * Returns the path to bind. Fails if a live process serves the socket's own path, or if something other than a socket is
     * there. The returned path is not longer than the socket's own, so it fits into a socket address if that does.
     */
    Path claim() {
        try {
            if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                checkDead();
            }
            Path unfinished = unfinished();
            Files.deleteIfExists(unfinished);
            return unfinished;
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    private Path unfinished() {
        return path.resolveSibling(".n" + ProcessHandle.current().pid());
    }

    private void checkDead() throws IOException {
        int mode = (Integer) Files.getAttribute(path, "unix:mode", LinkOption.NOFOLLOW_LINKS);
        if ((mode & TYPE_MASK) != TYPE_SOCKET) {
            throw new NonNetException(
                    Reason.SOCKET_UNUSABLE,
                    "cannot serve the NonNet DB at " + path + ": something that is no socket is there; move it away");
        }
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            // A live server that hangs accepts no connection either; it must not block this one.
            channel.configureBlocking(false);
            channel.connect(UnixDomainSocketAddress.of(path));
        } catch (ConnectException e) {
            LOG.info("socket=replaced path={} reason=\"its process is dead\"", path);
            return;
        } catch (IOException e) {
            throw inUse(e);
        }
        throw inUse(null);
    }

    private NonNetException inUse(@Nullable IOException cause) {
        return new NonNetException(
                Reason.SOCKET_IN_USE,
                "cannot serve the NonNet DB at " + path + ": another process serves it; stop that one first",
                cause);
    }

    /** Sets the rights of the bound socket, then gives it its name. */
    void reveal() {
        Path unfinished = unfinished();
        try {
            setGroup(unfinished);
            Files.setPosixFilePermissions(unfinished, PosixFilePermissions.fromString("rw-rw----"));
            Files.move(unfinished, path, StandardCopyOption.ATOMIC_MOVE);
            madeKey = key();
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    private void setGroup(Path socket) throws IOException {
        try {
            Files.getFileAttributeView(socket, PosixFileAttributeView.class)
                    .setGroup(socket.getFileSystem()
                            .getUserPrincipalLookupService()
                            .lookupPrincipalByGroupName(group));
        } catch (UserPrincipalNotFoundException e) {
            LOG.info("socket=root-only path={} reason=\"there is no group {}\"", path, group);
        }
    }

    /** Removes the socket, unless another process has put another socket in its place. */
    void remove() {
        try {
            if (madeKey != null && Files.exists(path, LinkOption.NOFOLLOW_LINKS) && madeKey.equals(key())) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    private @Nullable Object key() throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
    }

    private NonNetException unusable(IOException cause) {
        return new NonNetException(
                Reason.SOCKET_UNUSABLE,
                "cannot serve the NonNet DB at " + path + ": " + cause + "; does " + path.getParent()
                        + " exist, and may this process write to it?",
                cause);
    }
}
