// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.netlink;

import static org.opdbus.verticles.kernel.netlink.NetlinkFormat.HEADER_BYTES;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import jnr.constants.platform.Errno;
import org.opdbus.verticles.kernel.netlink.NetlinkException.Reason;
import org.opdbus.verticles.kernel.netlink.NetlinkFormat.Message;

/**
 * Sends many requests for changes in few datagrams (RFC 3549 section 2.2): the kernel carries out the requests of a datagram one
 * after the other, and a program that is killed meanwhile does not stop it. A request that the kernel refuses does not keep it
 * from the next one.
 *
 * <p>Every method blocks, at most some ten seconds: never call one on an event loop. For one thread.
 */
public final class NetlinkBatch implements AutoCloseable {
    private static final Duration ANSWER_TIME_MAX = Duration.ofSeconds(10);
    private static final int NLM_F_REQUEST_ACK = 1 | 4;
    /** The kernel keeps an answer to each request of a datagram until it is read, and each takes about a kilobyte there. */
    private static final int RECEIVE_BUFFER_BYTES = 4 << 20;

    private static final int DATAGRAM_REQUESTS_MAX = 512;
    private static final int DATAGRAM_BYTES_MAX = 64 << 10;

    private final NetlinkSocket socket;
    private int sequence;

    private NetlinkBatch(NetlinkSocket socket) {
        this.socket = socket;
    }

    /** Opens the namespace of the calling thread. */
    public static NetlinkBatch open() {
        NetlinkSocket socket = NetlinkSocket.open();
        try {
            socket.answerInDetail();
            socket.receiveTimeout(ANSWER_TIME_MAX);
            socket.receiveBuffer(RECEIVE_BUFFER_BYTES);
            return new NetlinkBatch(socket);
        } catch (RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /**
     * A request.
     *
     * @param type the type of the message, such as RTM_NEWROUTE
     * @param flags NLM_F_CREATE and the like
     * @param body the fixed header of its family of messages, and attributes; its position stays as it is
     * @param harmless the names of the errors that mean that there is nothing to do, such as {@code EEXIST}
     * @param attempt what is attempted, for the message of a failure
     */
    public record Request(int type, int flags, ByteBuffer body, Set<String> harmless, String attempt) {
        public Request {
            body = body.asReadOnlyBuffer();
            harmless = Set.copyOf(harmless);
            if (HEADER_BYTES + body.remaining() > DATAGRAM_BYTES_MAX) {
                throw new IllegalArgumentException("the request to " + attempt + " is too long for a datagram");
            }
        }
    }

    /**
     * Sends the requests and waits for all answers.
     *
     * @return why the kernel refused, for each refused request in their order; harmless refusals are not in it
     * @throws NetlinkException if the requests could not be sent, or some answers did not come
     */
    public List<NetlinkException> send(List<Request> requests) {
        List<NetlinkException> refusals = new ArrayList<>();
        int from = 0;
        while (from < requests.size()) {
            int to = from;
            int bytes = 0;
            while (to < requests.size() && to - from < DATAGRAM_REQUESTS_MAX) {
                bytes += messageBytes(requests.get(to));
                if (bytes > DATAGRAM_BYTES_MAX) {
                    break;
                }
                to++;
            }
            sendDatagram(requests.subList(from, to), refusals);
            from = to;
        }
        return refusals;
    }

    private void sendDatagram(List<Request> requests, List<NetlinkException> refusals) {
        String attempt = requests.get(0).attempt();
        while (socket.receiveWaiting(attempt).hasRemaining()) {
            // Answers to a datagram for which an earlier call did not wait until its end.
        }
        int bytes = requests.stream().mapToInt(NetlinkBatch::messageBytes).sum();
        ByteBuffer datagram = ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
        int first = sequence + 1;
        for (Request request : requests) {
            append(datagram, request, ++sequence);
        }
        socket.send(datagram.flip(), attempt);
        collect(requests, first, refusals);
    }

    private void collect(List<Request> requests, int first, List<NetlinkException> refusals) {
        BitSet answered = new BitSet();
        long deadline = System.nanoTime() + ANSWER_TIME_MAX.toNanos();
        while (answered.cardinality() < requests.size()) {
            String attempt = requests.get(answered.nextClearBit(0)).attempt();
            if (System.nanoTime() - deadline > 0) {
                throw NetlinkException.because(Reason.TIMEOUT, attempt, "the kernel's answer did not come");
            }
            NetlinkFormat.eachMessage(socket.receive(attempt), message -> {
                int index = message.sequence() - first;
                if (message.type() == NetlinkFormat.NLMSG_ERROR && index >= 0 && index < requests.size()) {
                    answered.set(index);
                    take(requests.get(index), message, refusals);
                }
            });
        }
    }

    private static void take(Request request, Message answer, List<NetlinkException> refusals) {
        int error = NetlinkFormat.number(answer.payload(), 0);
        if (error == 0) {
            return;
        }
        Errno errno = Errno.valueOf(-error);
        if (!request.harmless().contains(errno.name())) {
            refusals.add(NetlinkException.of(request.attempt(), errno, NetlinkExchange.kernelText(answer)));
        }
    }

    private static int messageBytes(Request request) {
        return NetlinkFormat.aligned(HEADER_BYTES + request.body().remaining());
    }

    private static void append(ByteBuffer datagram, Request request, int sequence) {
        int start = datagram.position();
        datagram.putInt(HEADER_BYTES + request.body().remaining())
                .putShort((short) request.type())
                .putShort((short) (NLM_F_REQUEST_ACK | request.flags()))
                .putInt(sequence)
                .putInt(0)
                .put(request.body().duplicate());
        datagram.position(start + messageBytes(request));
    }

    @Override
    public void close() {
        socket.close();
    }
}
