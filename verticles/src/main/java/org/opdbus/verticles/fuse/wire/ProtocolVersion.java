// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse.wire;

import java.nio.ByteBuffer;

/** Agrees with the kernel on the version and on what either side can do, {@code FUSE_INIT}. */
final class ProtocolVersion {
    private static final int MAJOR = 7;
    /** The version of Linux 5.4; the messages of earlier versions have other layouts. */
    private static final int MINOR_MIN = 31;
    /** Adds the time after which the kernel ends a connection that does not answer. */
    private static final int MINOR_MAX = 42;

    private static final int ATOMIC_O_TRUNC = 1 << 3;
    private static final int BIG_WRITES = 1 << 5;
    private static final int AUTO_INVAL_DATA = 1 << 12;
    private static final int DO_READDIRPLUS = 1 << 13;
    private static final int PARALLEL_DIROPS = 1 << 18;
    private static final int INIT_EXT = 1 << 30;
    /** This flag is in the second word of flags. */
    private static final int REQUEST_TIMEOUT = 1 << (42 - 32);

    /**
     * The kernel always gets the attributes of files with the list of their folder. With FUSE_READDIRPLUS_AUTO it would ask for
     * the attributes of each file of a folder that is listed for the first time.
     */
    private static final int WANTED =
            ATOMIC_O_TRUNC | BIG_WRITES | AUTO_INVAL_DATA | DO_READDIRPLUS | PARALLEL_DIROPS | INIT_EXT;

    private static final int BACKGROUND_MAX = 64;

    private static final int EPROTO = 71;

    private final RequestDispatcher.Limits limits;

    ProtocolVersion(RequestDispatcher.Limits limits) {
        this.limits = limits;
    }

    /**
     * Answers the kernel's first request.
     *
     * @return whether the versions fit; the kernel asks again if its version is a later one
     * @throws FileError EPROTO if the kernel is older than Linux 5.4
     */
    boolean agree(RequestBody init, ReplyBuffer reply) throws MalformedRequestException, FileError {
        int major = init.number();
        int minor = init.number();
        int readAhead = init.number();
        int offered = init.number();
        if (major < MAJOR || (major == MAJOR && minor < MINOR_MIN)) {
            throw new FileError(EPROTO);
        }
        ByteBuffer into = reply.raw();
        if (major > MAJOR) {
            into.putInt(MAJOR).putInt(MINOR_MAX);
            return false;
        }
        boolean ends = (offered & INIT_EXT) != 0 && (init.number() & REQUEST_TIMEOUT) != 0;
        into.putInt(MAJOR).putInt(Math.min(minor, MINOR_MAX)).putInt(readAhead).putInt(offered & WANTED);
        into.putShort((short) BACKGROUND_MAX).putShort((short) (BACKGROUND_MAX * 3 / 4));
        into.putInt(limits.writeBytesMax()).putInt(1).putShort((short) 0).putShort((short) 0);
        into.putInt(ends ? REQUEST_TIMEOUT : 0).putInt(0).putShort((short) (ends ? limits.answerSeconds() : 0));
        into.put(new byte[22]);
        return true;
    }
}
