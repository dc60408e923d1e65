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
 * One life of a container, from the moment its monitor listens to its init's exit.
 *
 * <p>The monitor is asked one thing, for the container's init, and answers nobody until it has finished the start: so the
 * answer means that the container is up. From then on nothing connects us with the monitor, and whatever becomes of this
 * process leaves no trace there; only the init's exit is waited for. Belongs to the thread of its poller.
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

    /** What a watch tells; called on the poller's thread. */
    interface Listener {
        /** The container is up. */
        void isUp(LifeWatch watch);

        /** The container was up, and its init has exited; nothing is left to watch. */
        void hasEnded(LifeWatch watch);

        /** The container was up, but by the time that this was heard its init had exited; nothing is left to watch. */
        void hasLived(LifeWatch watch);

        /** The monitor has closed the connection without an answer; it may be asked anew. */
        void isUnanswered(LifeWatch watch);

        /** The monitor has refused to answer, or its answer is of no use; it may be asked anew. */
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

    /** Where the monitor listened when this life began. */
    CommandSocket socket() {
        return socket;
    }

    /** Whether the monitor has not told yet which init the container has. */
    boolean isPending() {
        return question.isPresent();
    }

    /** The container's init, once it is up. */
    long initPid() {
        return initPid;
    }

    /** Connects and asks; false if no monitor listens. */
    boolean open() throws IOException {
        Optional<AbstractSocket> connected = monitors.connect(socket.name());
        if (connected.isEmpty()) {
            return false;
        }
        AbstractSocket asked = connected.get();
        try {
            asked.send(CommandMessage.request(CommandMessage.GET_INIT_PID));
        } catch (IOException e) {
            // The monitor has ended between the two calls.
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
