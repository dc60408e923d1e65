// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse.wire;

import static org.opdbus.verticles.kernel.LibC.LIBC;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import jnr.constants.platform.Errno;
import org.opdbus.verticles.kernel.LibC;

/**
 * Where a file system is mounted. Changes no mount but those of its own type.
 *
 * @param path the folder, absolute and without symbolic links
 * @param mount which mount is ours
 */
public record FuseMount(Path path, MountTable.Mount mount) {
    /** The type, as mount(8) and {@code /proc/mounts} show it. */
    public static final String TYPE = "fuse.op-dbus";

    private static final String SOURCE = "op-dbus";

    private static final long MS_RDONLY = 1;
    private static final long MS_NOSUID = 2;
    private static final long MS_NODEV = 4;
    private static final long MS_NOEXEC = 8;
    private static final long MS_REMOUNT = 32;
    private static final long MS_BIND = 4096;

    private static final int MNT_FORCE = 1;
    private static final int MNT_DETACH = 2;
    private static final int UMOUNT_NOFOLLOW = 8;

    private static final int STATFS_BYTES = 120;

    /**
     * Mounts the device.
     *
     * @param path a folder, absolute and without symbolic links
     * @param writable whether those who may write see a file system that can be written
     * @throws IOException with a remedy
     */
    public static FuseMount mount(FuseDevice device, Path path, boolean writable) throws IOException {
        String options = "fd=" + device.fd()
                + ",rootmode=40000,user_id=0,group_id=0,default_permissions,allow_other,max_read="
                + ReplyBuffer.DATA_BYTES_MAX;
        byte[] target = LibC.path(path.toString());
        long flags = MS_NOSUID | MS_NODEV | MS_NOEXEC;
        if (LIBC.mount(LibC.path(SOURCE), target, LibC.path(TYPE), flags, LibC.path(options)) != 0) {
            throw new IOException("cannot mount on " + path + ": " + remedy(LibC.errno()));
        }
        // The mount is read-only and not the file system: a change is told to those who watch files by making it
        // (inotify(7)).
        if (!writable) {
            byte[] none = LibC.path("");
            LIBC.mount(none, target, none, flags | MS_REMOUNT | MS_BIND | MS_RDONLY, none);
        }
        MountTable.Mount mount = MountTable.at(path)
                .filter(each -> each.type().equals(TYPE))
                .orElseThrow(() -> new IOException(path + " was unmounted, or hidden by another mount, at once"));
        return new FuseMount(path, mount);
    }

    /**
     * Removes a mount of this type from the path if its server is gone. Waits for the answer of a server that is there.
     *
     * @return whether there is no mount of this type on the path now
     */
    public static boolean removeDead(Path path) throws IOException {
        Optional<MountTable.Mount> found =
                MountTable.at(path).filter(each -> each.type().equals(TYPE));
        if (found.isEmpty()) {
            return true;
        }
        if (isAlive(path)) {
            return false;
        }
        new FuseMount(path, found.get()).unmount();
        return true;
    }

    /** The numbers of files are always asked for, unlike the attributes of the folder, which the kernel may have. */
    private static boolean isAlive(Path path) {
        if (LIBC.statfs(LibC.path(path.toString()), new byte[STATFS_BYTES]) == 0) {
            return true;
        }
        Errno errno = LibC.errno();
        return errno != Errno.ENOTCONN && errno != Errno.ECONNABORTED;
    }

    /** Returns whether users of the path see this mount. */
    public boolean isVisible() throws IOException {
        return MountTable.at(path).equals(Optional.of(mount));
    }

    /**
     * Ends the connection and removes the mount, even if files are open; does nothing if the path shows another mount or none.
     *
     * @return whether the mount is gone
     */
    public boolean unmount() throws IOException {
        return !isVisible()
                || LIBC.umount2(LibC.path(path.toString()), MNT_FORCE | MNT_DETACH | UMOUNT_NOFOLLOW) == 0
                || !isVisible();
    }

    private static String remedy(Errno errno) {
        return switch (errno) {
            case EPERM, EACCES ->
                "mount(2) is not allowed; run as root (in a container, its host must allow FUSE mounts)";
            case ENODEV -> "the kernel has no FUSE; load it: modprobe fuse";
            case ENOSPC -> "the mount table is full; unmount what is not needed, or raise the sysctl fs.mount-max";
            case EBUSY -> "the folder is in use by another mount; unmount that first";
            case ENOENT -> "there is no such folder; create it first";
            case ENOTDIR -> "it is not a folder";
            default -> errno.description();
        };
    }
}
