// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lxc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.opdbus.verticles.kernel.AbstractSocket;
import org.opdbus.verticles.kernel.Poller;
import org.opdbus.verticles.lxc.CommandMessage.Answer;
import org.opdbus.verticles.lxc.Observed.Running;
import org.opdbus.verticles.lxc.Observed.Stopped;
import org.opdbus.verticles.lxc.Observed.Unknown;

/** Asks a container's monitor whether the container runs. Blocks, for a limited time. */
final class MonitorQuery {
    private static final long PAUSE_MS = 5;

    private final Path lxcPath;
    private final List<String> socketNames;
    private final long limitMs;
    private final long deadline;

    /**
     * A question.
     *
     * @param lxcPath the folder that holds the container's definition
     * @param socketNames the names under which the monitor may listen
     * @param limitMs the time limit for the whole question
     */
    MonitorQuery(Path lxcPath, List<String> socketNames, long limitMs) {
        this.lxcPath = lxcPath;
        this.socketNames = socketNames;
        this.limitMs = limitMs;
        this.deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(limitMs);
    }

    Observed ask() {
        try {
            while (true) {
                boolean listens = false;
                for (String name : socketNames) {
                    Optional<AbstractSocket> socket = Monitors.connect(name, lxcPath);
                    listens |= socket.isPresent();
                    Optional<Answer> answer = socket.isPresent() ? exchange(socket.get()) : Optional.empty();
                    if (answer.isPresent()) {
                        return interpret(answer.get());
                    }
                }
                if (!listens) {
                    return new Stopped();
                }
                // The monitor ended or restarted, and the question was lost with it.
                if (leftMs() <= 0) {
                    return new Unknown("its monitor did not answer within " + limitMs
                            + " ms; it may be starting or stopping the container");
                }
                pause();
            }
        } catch (IOException e) {
            return new Unknown(String.valueOf(e.getMessage()));
        }
    }

    /** Only the monitor of a container that is up answers. */
    private static Observed interpret(Answer answer) {
        if (answer.result() < 0) {
            return new Unknown("its monitor refused to answer, errno " + -answer.result());
        }
        return answer.value() > 0
                ? new Running(answer.value())
                : new Unknown("its monitor named an init that this process cannot see");
    }

    /**
     * Sends one request and returns its answer; empty if the connection ended or the time is over.
     */
    private Optional<Answer> exchange(AbstractSocket socket) throws IOException {
        try (socket;
                Poller poller = new Poller()) {
            try {
                socket.send(CommandMessage.request(CommandMessage.GET_INIT_PID));
            } catch (IOException e) {
                return Optional.empty();
            }
            ByteBuffer answer = ByteBuffer.allocate(CommandMessage.ANSWER_BYTES);
            boolean[] ended = {false};
            poller.watch(socket.fd(), () -> {
                byte[] bytes = new byte[answer.remaining()];
                int count = socket.receive(bytes);
                answer.put(bytes, 0, Math.max(0, count));
                ended[0] = count < 0;
            });
            while (answer.hasRemaining() && !ended[0] && leftMs() > 0) {
                poller.await(leftMs());
            }
            return answer.hasRemaining() ? Optional.empty() : Optional.of(CommandMessage.answer(answer.flip()));
        }
    }

    private static void pause() throws IOException {
        try (Poller nothing = new Poller()) {
            nothing.await(PAUSE_MS);
        }
    }

    private long leftMs() {
        return TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
    }
}
