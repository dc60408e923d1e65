// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.opdbus.verticles.fuse.tree.FileTree;
import org.opdbus.verticles.fuse.tree.Node;
import org.opdbus.verticles.fuse.tree.Node.Folder;
import org.opdbus.verticles.fuse.tree.Node.SymbolicLink;
import org.opdbus.verticles.fuse.tree.Node.TextFile;
import org.opdbus.verticles.fuse.tree.WritableFile;
import org.opdbus.verticles.fuse.wire.AttributeChange;
import org.opdbus.verticles.fuse.wire.FileError;
import org.opdbus.verticles.fuse.wire.FileOperations;
import org.opdbus.verticles.fuse.wire.NodeAttributes;
import org.opdbus.verticles.fuse.wire.ReplyBuffer;
import org.opdbus.verticles.fuse.wire.RequestHeader;
import org.opdbus.verticles.fuse.wire.WriteRequest;

/** Answers the kernel's questions from a tree. */
final class TreeOperations implements FileOperations {
    private static final int O_ACCMODE = 3;
    private static final int O_TRUNC = 01000;

    /** Reads go past the kernel's page cache, so that an open file shows one state. */
    private static final int FOPEN_DIRECT_IO = 1;
    /** Closing a file that was only read is not worth a request. */
    private static final int FOPEN_NOFLUSH = 1 << 5;

    /** The kernel keeps the list of the folder, too. */
    private static final int FOPEN_CACHE_DIR = 1 << 3;
    /** The kernel uses the list that it has. */
    private static final int FOPEN_KEEP_CACHE = 1 << 1;

    private static final int POLLIN = 1;
    private static final int POLLPRI = 2;
    private static final int POLLERR = 8;
    private static final int POLLRDNORM = 0x40;

    /** What readdir(3) shows as the number of ".."; it is known to the kernel alone. */
    private static final long UNKNOWN_NUMBER = 0xFFFFFFFFL;

    private final FileTree tree;
    private final FileAccess access;
    private final OpenFiles openFiles;
    private final ToldEntries told;
    private final FileWrites writes;
    private final ListedFolders listed = new ListedFolders(System::nanoTime);

    TreeOperations(ShownTree shown) {
        tree = shown.tree();
        access = shown.access();
        openFiles = shown.openFiles();
        told = shown.told();
        writes = new FileWrites(access, openFiles);
    }

    @Override
    public void lookup(RequestHeader request, String name, ReplyBuffer reply) throws FileError {
        if (told.isTeller(request)) {
            reply.entry(told.lookup());
            return;
        }
        reply.entry(access.attributes(child(request.node(), name)));
    }

    @Override
    public void attributes(RequestHeader request, long handle, ReplyBuffer reply) throws FileError {
        Node node = tree.node(request.node()).orElse(null);
        if (node != null) {
            reply.attributes(access.attributes(node));
            return;
        }
        if (handle == 0) {
            throw new FileError(FileError.ESTALE);
        }
        // The file is gone, and the opener may still ask for what it has open.
        OpenFile file = openFiles.file(handle);
        NodeAttributes was = access.attributes(file.opened());
        reply.attributes(new NodeAttributes(
                was.id(), was.mode(), 0, file.content().length, was.modified(), was.uid(), was.gid()));
    }

    @Override
    public void change(RequestHeader request, AttributeChange change, ReplyBuffer reply) throws FileError {
        if (!told.isTeller(request)) {
            writes.check(change, node(request.node()));
        }
        attributes(request, 0, reply);
    }

    @Override
    public void target(RequestHeader request, ReplyBuffer reply) throws FileError {
        if (!(node(request.node()) instanceof SymbolicLink link)) {
            throw new FileError(FileError.EINVAL);
        }
        byte[] target = link.target().getBytes(StandardCharsets.UTF_8);
        reply.data(target, 0, target.length);
    }

    @Override
    public void open(RequestHeader request, int flags, ReplyBuffer reply) throws FileError {
        Node node = node(request.node());
        if (!(node instanceof TextFile file)) {
            throw new FileError(node instanceof Folder ? FileError.EISDIR : FileError.EINVAL);
        }
        if ((flags & (O_ACCMODE | O_TRUNC)) == 0) {
            openFiles(file, Optional.empty(), FOPEN_DIRECT_IO | FOPEN_NOFLUSH, reply);
        } else if (file instanceof WritableFile writable && access.canWrite(file)) {
            openFiles(file, Optional.of(new OpenWrite(writable)), FOPEN_DIRECT_IO, reply);
        } else {
            throw new FileError(access.writable() ? FileError.EACCES : FileError.EROFS);
        }
    }

    private void openFiles(TextFile file, Optional<OpenWrite> write, int flags, ReplyBuffer reply) throws FileError {
        reply.opened(openFiles.add(new OpenFile(file, file.content(), write)), flags);
    }

    @Override
    public void read(long handle, long offset, int size, ReplyBuffer reply) throws FileError {
        OpenFile file = openFiles.file(handle);
        if (offset == 0 && file.isReadAgain() && tree.node(file.opened().id()).orElse(null) instanceof TextFile now) {
            openFiles.refresh(file, now.content());
        }
        byte[] content = file.content();
        int from = (int) Math.min(offset, content.length);
        reply.data(content, from, Math.min(size, content.length - from));
    }

    @Override
    public void write(WriteRequest request, ReplyBuffer reply) throws FileError {
        writes.write(request, reply);
    }

    @Override
    public void flush(RequestHeader request, long handle, ReplyBuffer reply) throws FileError {
        writes.flush(request, handle, reply);
    }

    @Override
    public void release(long handle) {
        openFiles.closeFile(handle);
    }

    @Override
    public void openFolder(RequestHeader request, ReplyBuffer reply) throws FileError {
        Folder folder = folder(request.node());
        reply.opened(
                openFiles.add(new OpenFolder(folder)),
                listed.isFresh(folder) ? FOPEN_CACHE_DIR | FOPEN_KEEP_CACHE : FOPEN_CACHE_DIR);
    }

    @Override
    public void readFolder(long handle, long position, boolean withAttributes, ReplyBuffer reply) throws FileError {
        OpenFolder open = openFiles.folder(handle);
        Folder now = position == 0 && tree.node(open.folder().id()).orElse(null) instanceof Folder found
                ? found
                : open.folder();
        List<OpenFolder.Entry> entries = open.entries(position == 0, now, listed.now());
        for (long at = position; at >= 0 && at < entries.size() + 2L; at++) {
            if (!list(now, entries, at, withAttributes, reply)) {
                return;
            }
        }
        if (withAttributes) {
            listed.listed(open.folder(), open.begun());
        }
    }

    private boolean list(
            Folder folder, List<OpenFolder.Entry> entries, long at, boolean withAttributes, ReplyBuffer reply) {
        if (at < 2) {
            String name = at == 0 ? "." : "..";
            long id = at == 0 ? folder.id() : UNKNOWN_NUMBER;
            return withAttributes
                    ? reply.listedWithoutNode(name, id, at + 1)
                    : reply.listed(name, id, NodeAttributes.FOLDER, at + 1);
        }
        OpenFolder.Entry entry = entries.get((int) at - 2);
        NodeAttributes node = access.attributes(entry.node());
        return withAttributes
                ? reply.listed(entry.name(), node, at + 1)
                : reply.listed(entry.name(), node.id(), node.mode(), at + 1);
    }

    @Override
    public void releaseFolder(long handle) {
        openFiles.closeFolder(handle);
    }

    /** As the files of sysfs do: a change makes them exceptional until they are read from the beginning, and they never block. */
    @Override
    public void poll(RequestHeader request, long handle, long wakeup, ReplyBuffer reply) throws FileError {
        OpenFile file = openFiles.file(handle);
        openFiles.poll(request.node(), handle);
        file.awaitChange(wakeup);
        reply.ready(POLLIN | POLLRDNORM | (file.isChanged() ? POLLPRI | POLLERR : 0));
    }

    @Override
    public void make(RequestHeader request, String name, int mode, ReplyBuffer reply) throws FileError {
        if (!told.isTeller(request)) {
            throw new FileError(FileError.EROFS);
        }
        NodeAttributes made = access.attributes(child(request.node(), name));
        if ((made.mode() & NodeAttributes.TYPE) != mode) {
            throw new FileError(FileError.EINVAL);
        }
        reply.entry(made);
    }

    @Override
    public void remove(RequestHeader request, String name) throws FileError {
        if (!told.isTeller(request)) {
            throw new FileError(FileError.EROFS);
        }
    }

    private Node child(long folder, String name) throws FileError {
        return folder(folder).child(name).orElseThrow(() -> new FileError(FileError.ENOENT));
    }

    private Folder folder(long id) throws FileError {
        if (node(id) instanceof Folder folder) {
            return folder;
        }
        throw new FileError(FileError.ENOTDIR);
    }

    /** Another node can have the name by now; the kernel asks for it when it hears that this one is gone. */
    private Node node(long id) throws FileError {
        return tree.node(id).orElseThrow(() -> new FileError(FileError.ESTALE));
    }
}
