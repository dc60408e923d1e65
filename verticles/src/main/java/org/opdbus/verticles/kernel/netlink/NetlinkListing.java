// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.netlink;

import java.nio.ByteBuffer;
import java.util.function.Supplier;

/**
 * Lists what the kernel has of one kind in the network namespace in which this object was opened (rtnetlink(7), NLM_F_DUMP). The
 * kernel checks the request strictly where it can (NETLINK_GET_STRICT_CHK, Linux 4.20), and otherwise lists more than was asked
 * for; so a visitor checks what it gets.
 *
 * <p>Every method blocks: never call one on an event loop. Any thread may call; calls on one object wait for each other.
 */
public final class NetlinkListing implements AutoCloseable {
    /** A table that changes all the time never lists without an interruption, and the caller waits. */
    private static final int ATTEMPTS_MAX = 3;

    private final NetlinkExchange kernel;

    private NetlinkListing(NetlinkExchange kernel) {
        this.kernel = kernel;
    }

    /** Opens the namespace of the calling thread. */
    public static NetlinkListing open() {
        return new NetlinkListing(NetlinkExchange.open());
    }

    /** Opens another namespace; the caller may close the handle afterwards. */
    public static NetlinkListing open(NetworkNamespace namespace) {
        return namespace.inside(NetlinkListing::open);
    }

    /** Receives the messages of one listing. */
    public interface Visitor {
        /**
         * Takes a message.
         *
         * @param type the message's type
         * @param payload the bytes after the message's header; valid only during the call
         */
        void visit(int type, ByteBuffer payload);
    }

    /**
     * The result of the last attempt.
     *
     * @param visitor the visitor that received its messages
     * @param isConsistent false if the kernel reported changes during each attempt (NLM_F_DUMP_INTR): then an object that
     * existed all the time can be missing, or be there twice
     */
    public record Result<V>(V visitor, boolean isConsistent) {}

    /**
     * Lists until a listing was not interrupted by a change, at most {@value #ATTEMPTS_MAX} times.
     *
     * @param type the type of the request, such as RTM_GETROUTE
     * @param body the request: the fixed header of its family of messages, and attributes
     * @param attempt what is attempted, for the message of a failure
     * @param visitors makes the visitor of each attempt
     * @throws NetlinkException if the kernel refuses, or does not answer within ten seconds
     */
    public <V extends Visitor> Result<V> list(int type, byte[] body, String attempt, Supplier<V> visitors) {
        for (int i = 1; ; i++) {
            V visitor = visitors.get();
            boolean isConsistent = kernel.askOnce(
                    NetlinkRequest.dump(type).header(body),
                    attempt,
                    message -> visitor.visit(message.type(), message.payload()));
            if (isConsistent || i == ATTEMPTS_MAX) {
                return new Result<>(visitor, isConsistent);
            }
        }
    }

    /** Returns the speed of a link of this namespace; a link that cannot tell, or does not exist, has none. */
    public LinkSpeed speed(String link) {
        return kernel.onSocket(fd -> LinkSpeed.of(fd, link));
    }

    @Override
    public void close() {
        kernel.close();
    }
}
