// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.netlink;

import jnr.constants.platform.Errno;
import org.opdbus.verticles.kernel.LibC;

/** The kernel refused, or did not answer. The message says what was attempted, on what, and why it failed. */
public final class NetlinkException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** The failures that a caller can distinguish. */
    public enum Reason {
        /** The name is taken (EEXIST). */
        EXISTS,
        /** There is no such link (ENODEV, ENXIO). */
        NO_SUCH_LINK,
        /** The process and its namespace no longer exist (ESRCH). */
        NO_SUCH_PROCESS,
        /** The kernel cannot do it now (EBUSY). */
        BUSY,
        /** A capability is missing (EPERM, EACCES). */
        NOT_PERMITTED,
        /** The kernel did not answer in time. */
        TIMEOUT,
        /** Links changed during every attempt to list them. */
        INTERRUPTED,
        /** The receive buffer ran over: messages are missing, and only a listing can replace them (ENOBUFS). */
        OVERRUN,
        /** Any other failure; the message has the kernel's words. */
        OTHER
    }

    private final Reason reason;
    private final String errno;
    private final String message;

    private NetlinkException(Reason reason, String errno, String message) {
        super(message);
        this.reason = reason;
        this.errno = errno;
        this.message = message;
    }

    /** Creates the failure of a refused request; the reason follows from the error number. */
    static NetlinkException of(String attempt, Errno errno, String kernelText) {
        return of(attempt, errno, kernelText, "CAP_NET_ADMIN");
    }

    /** Creates the failure of a call on this thread; the reason follows from its error number. */
    static NetlinkException ofLastError(String attempt) {
        return of(attempt, LibC.errno(), "");
    }

    /** Creates the failure of a call that needs another capability than CAP_NET_ADMIN. */
    static NetlinkException of(String attempt, Errno errno, String kernelText, String capability) {
        Reason reason = reasonOf(errno);
        String why = kernelText.isEmpty() ? errno.description() : kernelText;
        String remedy = reason == Reason.NOT_PERMITTED ? "; " + remedyFor(capability) : "";
        return new NetlinkException(
                reason, errno.name(), "could not " + attempt + ": " + why + " (" + errno.name() + ")" + remedy);
    }

    /** Creates a failure that has no error number. */
    static NetlinkException because(Reason reason, String attempt, String why) {
        return new NetlinkException(reason, "", "could not " + attempt + ": " + why);
    }

    /** Never null, unlike other exceptions' messages. */
    @Override
    public String getMessage() {
        return message;
    }

    /** Returns the failure that a caller can distinguish. */
    public Reason reason() {
        return reason;
    }

    /** Returns the error's name, such as {@code EBUSY}; empty when the kernel gave none. */
    public String errno() {
        return errno;
    }

    private static Reason reasonOf(Errno errno) {
        return switch (errno) {
            case EEXIST -> Reason.EXISTS;
            case ENODEV, ENXIO -> Reason.NO_SUCH_LINK;
            case ESRCH -> Reason.NO_SUCH_PROCESS;
            case EBUSY -> Reason.BUSY;
            case EPERM, EACCES -> Reason.NOT_PERMITTED;
            case EAGAIN, ETIMEDOUT -> Reason.TIMEOUT;
            case ENOBUFS -> Reason.OVERRUN;
            default -> Reason.OTHER;
        };
    }

    private static String remedyFor(String capability) {
        return "this process lacks " + capability + ": run op-dbus as root, or name " + capability
                + " in AmbientCapabilities= of its systemd unit";
    }
}
