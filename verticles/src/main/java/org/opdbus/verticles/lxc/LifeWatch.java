// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lxc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.kernel.AbstractSocket;
import org.opdbus.verticles.kernel.Poller;
import org.opdbus.verticles.kernel.ProcessWatch;
import org.opdbus.verticles.lxc.CommandMessage.Answer;

/**
 * One life of a container, from the moment its monitor listens until its init exits.
 *
 * <p>The agent asks the monitor one question, the container's init. The monitor answers only when
 * it has finished the start, so the answer means that the container is up. After that the agent has
 * no connection to the monitor, so the end of the agent leaves no trace there; the agent only waits
 * for the exit of the init. All calls come from the thread of the poller.
 */
final class LifeWatch {
    private final ContainerId id;
    private final CommandSocket socket;
    private final Monitors monitors;
    private final Poller poller;
    private final Listener listener;
    private final ByteBuffer answer = ByteBuffer.allocate(CommandMessage.ANSWER_BYTES);

    private Optional<AbstractSocket> question = Optional.empty();
    private Optional<ProcessWatch> init = Optional.empty();
    private long initPid;

    /** Receives the results of a watch, on the poller's thread. */
    interface Listener {
        /** The container is up. */
        void isUp(LifeWatch watch);

        /** The container was up, and its init has exited. The watch has ended. */
        void hasEnded(LifeWatch watch);

        /**
         * The container was up, but its init had exited before the agent received the answer. The
         * watch has ended.
         */
        void hasLived(LifeWatch watch);

        /** The monitor has closed the connection without an answer. The agent may ask again. */
        void isUnanswered(LifeWatch watch);

        /**
         * The monitor has refused to answer, or its answer is not valid. The agent may ask again.
         */
        void isRefused(LifeWatch watch, String reason);
    }

    LifeWatch(ContainerId id, CommandSocket socket, Monitors monitors, Listener listener) {
        this.id = id;
        this.socket = socket;
        this.monitors = monitors;
        this.poller = monitors.poller();
        this.listener = listener;
    }

    ContainerId id() {
        return id;
    }

    /** Returns the socket on which the monitor listened when this life began. */
    CommandSocket socket() {
        return socket;
    }

    /** Returns whether the monitor has not yet named the container's init. */
    boolean isPending() {
        return question.isPresent();
    }

    /** Returns the container's init, once the container is up. */
    long initPid() {
        return initPid;
    }

    /** Connects and asks; returns false if no monitor listens. */
    boolean open() throws IOException {
        Optional<AbstractSocket> connected = monitors.connect(socket.name());
        if (connected.isEmpty()) {
            return false;
        }
        AbstractSocket asked = connected.get();
        try {
            asked.send(CommandMessage.request(CommandMessage.GET_INIT_PID));
        } catch (IOException e) {
            // The monitor ended between the two calls.
            asked.close();
            return false;
        }
        question = connected;
        poller.watch(asked.fd(), () -> read(asked));
        return true;
    }

    void close() {
        question.ifPresent(asked -> {
            poller.forget(asked.fd());
            asked.close();
        });
        question = Optional.empty();
        init.ifPresent(process -> {
            poller.forget(process.fd());
            process.close();
        });
        init = Optional.empty();
    }

    private void read(AbstractSocket asked) {
        byte[] bytes = new byte[answer.remaining()];
        int count = asked.receive(bytes);
        answer.put(bytes, 0, Math.max(0, count));
        if (!answer.hasRemaining()) {
            close();
            understand(CommandMessage.answer(answer.flip()));
        } else if (count < 0) {
            close();
            listener.isUnanswered(this);
        }
    }

    private void understand(Answer told) {
        if (told.result() < 0 || told.value() <= 0) {
            listener.isRefused(this, "it answers " + told.result() + " and names process " + told.value());
            return;
        }
        initPid = told.value();
        try {
            init = ProcessWatch.of(initPid);
        } catch (IOException e) {
            listener.isRefused(this, String.valueOf(e.getMessage()));
            return;
        }
        if (init.filter(process -> !process.hasExited()).isEmpty()) {
            close();
            listener.hasLived(this);
            return;
        }
        init.ifPresent(process -> poller.watch(process.fd(), this::initExited));
        listener.isUp(this);
    }

    private void initExited() {
        close();
        listener.hasEnded(this);
    }
}
