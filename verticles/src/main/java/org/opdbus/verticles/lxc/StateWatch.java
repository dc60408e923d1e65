// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lxc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.kernel.AbstractSocket;
import org.opdbus.verticles.kernel.Poller;
import org.opdbus.verticles.kernel.ProcessWatch;
import org.opdbus.verticles.lxc.CommandMessage.Answer;
import org.opdbus.verticles.lxc.CommandMessage.State;

/**
 * One life of a container, from the moment its monitor listens to its end.
 *
 * <p>The monitor answers nobody until it has finished the start, so the first answer means that the container is up; then
 * its init is asked for. The end is heard from whichever tells first: the init's exit, the monitor's message, or the end
 * of the connection. Belongs to the thread of its poller.
 */
final class StateWatch {
    /** The states that end a life. They are sent once; the connection is closed by LXC afterwards. */
    private static final Set<State> ENDINGS = EnumSet.of(State.STOPPED, State.STARTING, State.STOPPING, State.ABORTING);

    private final ContainerId id;
    private final Poller poller;
    private final Listener listener;
    private final ByteBuffer message = ByteBuffer.allocate(CommandMessage.STATE_MESSAGE_BYTES);
    private final ByteBuffer pidAnswer = ByteBuffer.allocate(CommandMessage.ANSWER_BYTES);
    private final String socketName;

    private Optional<AbstractSocket> monitor = Optional.empty();
    private Optional<AbstractSocket> pidQuestion = Optional.empty();
    private Optional<ProcessWatch> init = Optional.empty();
    private boolean registered;
    private boolean up;
    private long initPid;

    /** What a watch tells; called on the poller's thread. */
    interface Listener {
        /** The container is up. */
        void isUp(StateWatch watch, long initPid);

        /** The container's init has exited, or LXC says so. The watch goes on until the monitor has ended, too. */
        void hasEnded(StateWatch watch, String reason);

        /** The monitor is gone while the init lives; the watch waits for the init's exit. */
        void lostMonitor(StateWatch watch);

        /**
         * There is nothing left to watch.
         *
         * @param answered whether the monitor has ever answered
         */
        void isOver(StateWatch watch, boolean answered);
    }

    StateWatch(ContainerId id, String socketName, Poller poller, Listener listener) {
        this.id = id;
        this.socketName = socketName;
        this.poller = poller;
        this.listener = listener;
    }

    ContainerId id() {
        return id;
    }

    String socketName() {
        return socketName;
    }

    /** Whether the monitor has not told yet whether the container is up, or which init it has. */
    boolean isPending() {
        return !up;
    }

    /** The container's init, once it is up. */
    long initPid() {
        return initPid;
    }

    /**
     * Connects and asks both questions at once, so that even a container that lives for a moment only is known by its init;
     * false if nobody listens.
     */
    boolean open() throws IOException {
        monitor = ask(CommandMessage.addStateClient(ENDINGS), this::readMonitor);
        pidQuestion = monitor.isPresent()
                ? ask(CommandMessage.request(CommandMessage.GET_INIT_PID), this::readPid)
                : Optional.empty();
        if (monitor.isPresent() && pidQuestion.isPresent()) {
            return true;
        }
        close();
        return false;
    }

    private Optional<AbstractSocket> ask(byte[] request, Consumer<AbstractSocket> reader) throws IOException {
        Optional<AbstractSocket> connected = AbstractSocket.connect(socketName);
        if (connected.isPresent()) {
            AbstractSocket socket = connected.get();
            try {
                socket.send(request);
            } catch (IOException e) {
                // It has ended between the two calls.
                socket.close();
                return Optional.empty();
            }
            poller.watch(socket.fd(), () -> reader.accept(socket));
        }
        return connected;
    }

    void close() {
        monitor.ifPresent(this::release);
        monitor = Optional.empty();
        closePidQuestion();
        closeInit();
    }

    private void readMonitor(AbstractSocket socket) {
        if (!receive(socket, message)) {
            monitorGone();
            return;
        }
        if (!registered && message.position() >= CommandMessage.ANSWER_BYTES) {
            readRegistration();
        }
        if (registered && message.position() == CommandMessage.STATE_MESSAGE_BYTES) {
            drainPidAnswer();
            State state = CommandMessage.announced(message.flip());
            ended("LXC reports " + state);
            monitorGone();
        }
    }

    private void readRegistration() {
        Answer answer = CommandMessage.answer(message.flip());
        byte[] rest = new byte[message.limit() - CommandMessage.ANSWER_BYTES];
        message.position(CommandMessage.ANSWER_BYTES).get(rest);
        message.clear().put(rest);
        if (answer.result() < 0 || !CommandMessage.isRegistered(answer)) {
            // Refused, or already on its way to another state: the next look will find what comes of it.
            close();
            listener.isOver(this, false);
            return;
        }
        registered = true;
        tellWhenUp();
    }

    private void readPid(AbstractSocket socket) {
        boolean open = receive(socket, pidAnswer);
        if (!pidAnswer.hasRemaining()) {
            initPid = CommandMessage.answer(pidAnswer.flip()).value();
            closePidQuestion();
            tellWhenUp();
        } else if (!open) {
            // The monitor has ended, which the other connection is about to tell, or it refused: then both are asked
            // anew.
            closePidQuestion();
            if (monitor.isPresent()) {
                close();
                listener.isOver(this, false);
            }
        }
    }

    private void tellWhenUp() {
        if (registered && initPid > 0) {
            init = ProcessWatch.of(initPid);
            init.ifPresent(process -> poller.watch(process.fd(), this::initExited));
            up = true;
            listener.isUp(this, initPid);
        }
    }

    private void initExited() {
        ended(monitor.isPresent() ? "its init has exited" : "its init has exited after its monitor was lost");
        if (monitor.isEmpty()) {
            listener.isOver(this, true);
        }
    }

    private void ended(String reason) {
        closePidQuestion();
        closeInit();
        listener.hasEnded(this, reason);
    }

    private void monitorGone() {
        drainPidAnswer();
        monitor.ifPresent(this::release);
        monitor = Optional.empty();
        closePidQuestion();
        if (init.isPresent()) {
            listener.lostMonitor(this);
            return;
        }
        if (up) {
            listener.hasEnded(this, "its monitor has ended");
        }
        listener.isOver(this, registered);
    }

    /** The end may be read before the answer that was sent before it. */
    private void drainPidAnswer() {
        if (registered && initPid == 0 && pidQuestion.isPresent()) {
            AbstractSocket socket = pidQuestion.get();
            receive(socket, pidAnswer);
            if (!pidAnswer.hasRemaining()) {
                initPid = CommandMessage.answer(pidAnswer.flip()).value();
                closePidQuestion();
                tellWhenUp();
            }
        }
    }

    private void closePidQuestion() {
        pidQuestion.ifPresent(this::release);
        pidQuestion = Optional.empty();
    }

    private void closeInit() {
        init.ifPresent(process -> {
            poller.forget(process.fd());
            process.close();
        });
        init = Optional.empty();
    }

    private void release(AbstractSocket socket) {
        poller.forget(socket.fd());
        socket.close();
    }

    /** Adds what is there to the buffer; false at the end of the connection. */
    private static boolean receive(AbstractSocket socket, ByteBuffer into) {
        byte[] bytes = new byte[into.remaining()];
        int count = socket.receive(bytes);
        if (count > 0) {
            into.put(bytes, 0, count);
        }
        return count >= 0;
    }
}
