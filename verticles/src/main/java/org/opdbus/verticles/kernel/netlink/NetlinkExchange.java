// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.netlink;

import static org.opdbus.verticles.kernel.netlink.NetlinkFormat.HEADER_BYTES;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import jnr.constants.platform.Errno;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.kernel.netlink.NetlinkException.Reason;
import org.opdbus.verticles.kernel.netlink.NetlinkFormat.Message;

/** Requests and answers on one rtnetlink socket: one at a time, each within a limited time. Any thread may use it. */
final class NetlinkExchange implements AutoCloseable {
    private static final Duration ANSWER_TIME_MAX = Duration.ofSeconds(10);
    private static final int LISTINGS_MAX = 10;
    private static final int NLMSGERR_ATTR_MSG = 1;

    private final NetlinkSocket socket;
    private int sequence;
    private boolean closed;

    private NetlinkExchange(NetlinkSocket socket) {
        this.socket = socket;
    }

    /** Opens a socket in the calling thread's namespace. */
    static NetlinkExchange open() {
        NetlinkSocket socket = NetlinkSocket.open();
        socket.answerInDetail();
        socket.receiveTimeout(ANSWER_TIME_MAX);
        return new NetlinkExchange(socket);
    }

    /** Sends a request for a change. */
    void command(NetlinkRequest request, String attempt) {
        ask(request, attempt, message -> null);
    }

    /**
     * Sends a request, and collects what the answer's messages contain. A listing during which links changed may lack
     * some of them (NLM_F_DUMP_INTR), so it is repeated.
     *
     * @param reader returns the content of a message, or null if it has nothing that was requested
     */
    synchronized <T> List<T> ask(NetlinkRequest request, String attempt, Function<Message, @Nullable T> reader) {
        for (int i = 0; i < LISTINGS_MAX; i++) {
            List<T> answers = new ArrayList<>();
            boolean isConsistent = askOnce(request, attempt, message -> {
                T answer = reader.apply(message);
                if (answer != null) {
                    answers.add(answer);
                }
            });
            if (isConsistent) {
                return answers;
            }
        }
        throw NetlinkException.because(
                Reason.INTERRUPTED, attempt, "links changed during each of " + LISTINGS_MAX + " listings");
    }

    /**
     * Sends a request once and passes each message of the answer to the reader.
     *
     * @return false if links, addresses or routes changed during a listing, so that it can lack some of them
     */
    synchronized boolean askOnce(NetlinkRequest request, String attempt, Consumer<Message> reader) {
        if (closed) {
            throw new IllegalStateException("the rtnetlink socket is closed; could not " + attempt);
        }
        forgetLateAnswers(attempt);
        sequence++;
        socket.send(request.numbered(sequence), attempt);
        long deadline = System.nanoTime() + ANSWER_TIME_MAX.toNanos();
        Progress progress = new Progress();
        while (!progress.done) {
            if (System.nanoTime() - deadline > 0) {
                throw NetlinkException.because(Reason.TIMEOUT, attempt, "the kernel's answer did not end");
            }
            NetlinkFormat.eachMessage(socket.receive(attempt), message -> {
                if (message.sequence() == sequence && !progress.done) {
                    progress.take(message, attempt);
                    if (!progress.done) {
                        reader.accept(message);
                    }
                }
            });
        }
        return !progress.interrupted;
    }

    /** Uses the socket for something else, between two requests. */
    synchronized <T> T onSocket(IntFunction<T> work) {
        if (closed) {
            throw new IllegalStateException("the rtnetlink socket is closed");
        }
        return work.apply(socket.fd());
    }

    /** Reads what is left of a request that timed out; this also ends a listing that would block the next one. */
    private void forgetLateAnswers(String attempt) {
        ByteBuffer late = socket.receiveWaiting(attempt);
        while (late.hasRemaining()) {
            late = socket.receiveWaiting(attempt);
        }
    }

    /** The state of an answer. */
    private static final class Progress {
        private boolean done;
        private boolean interrupted;

        void take(Message message, String attempt) {
            interrupted |= (message.flags() & NetlinkFormat.NLM_F_DUMP_INTR) != 0;
            boolean last = message.type() == NetlinkFormat.NLMSG_ERROR || message.type() == NetlinkFormat.NLMSG_DONE;
            if (last) {
                done = true;
                int error = NetlinkFormat.number(message.payload(), 0);
                if (error != 0) {
                    throw NetlinkException.of(attempt, Errno.valueOf(-error), kernelText(message));
                }
            }
        }
    }

    /** Returns the kernel's own words on an error (NETLINK_EXT_ACK); empty if it has none. */
    static String kernelText(Message message) {
        if ((message.flags() & NetlinkFormat.NLM_F_ACK_TLVS) == 0) {
            return "";
        }
        // The error number is followed by the request's header, except at the end of a listing.
        int offset = message.type() == NetlinkFormat.NLMSG_ERROR ? Integer.BYTES + HEADER_BYTES : Integer.BYTES;
        StringBuilder text = new StringBuilder();
        NetlinkAttributes attributes = NetlinkAttributes.of(message.payload(), offset);
        while (attributes.next()) {
            if (attributes.type() == NLMSGERR_ATTR_MSG) {
                text.append(attributes.text());
            }
        }
        return text.toString();
    }

    @Override
    public synchronized void close() {
        closed = true;
        socket.close();
    }
}
