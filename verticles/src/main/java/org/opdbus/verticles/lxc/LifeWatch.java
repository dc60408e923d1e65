// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lxc;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.kernel.AbstractSocket;
import org.opdbus.verticles.kernel.Poller;
import org.opdbus.verticles.kernel.ProcessStat;
import org.opdbus.verticles.kernel.ProcessWatch;
import org.opdbus.verticles.lxc.CommandMessage.Answer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One life of a container, from the moment its monitor listens until its init exits.
 *
 * <p>The agent asks the monitor one question, the container's init. The monitor answers only when
 * it has finished the start, so the answer means that the container is up. After that the agent has
 * no connection to the monitor, so the end of the agent leaves no trace there; the agent only waits
 * for the exit of the init and of the monitor. All calls come from the thread of the poller.
 */
final class LifeWatch {
    private static final Logger LOG = LoggerFactory.getLogger(LifeWatch.class);
    /** The first process of a PID namespace, which the kernel makes the parent of processes that have lost theirs. */
    private static final long FOSTER_PARENT = 1;

    private final ContainerId id;
    private final String name;
    private final Monitors monitors;
    private final Poller poller;
    private final Listener listener;
    private final ByteBuffer answer = ByteBuffer.allocate(CommandMessage.ANSWER_BYTES);

    private Optional<AbstractSocket> question = Optional.empty();
    private Optional<ProcessWatch> init = Optional.empty();
    private Optional<ProcessWatch> monitor = Optional.empty();
    private long initPid;
    private OptionalLong inode = OptionalLong.empty();

    /** Receives the results of a watch, on the poller's thread. */
    interface Listener {
        /** The container is up. */
        void isUp(LifeWatch watch);

        /** The container is up, and its monitor has exited, so another monitor may listen soon. The watch goes on. */
        void isOrphaned(LifeWatch watch);

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

    /**
     * @param name the abstract socket's name without its leading zero
     */
    LifeWatch(ContainerId id, String name, Monitors monitors, Listener listener) {
        this.id = id;
        this.name = name;
        this.monitors = monitors;
        this.poller = monitors.poller();
        this.listener = listener;
    }

    ContainerId id() {
        return id;
    }

    /** Returns the name of the socket on which the monitor listened when this life began. */
    String name() {
        return name;
    }

    /** Returns whether the monitor has not yet named the container's init. */
    boolean isPending() {
        return question.isPresent();
    }

    /** Returns whether the watch will report the exit of the monitor; false if it has exited, or is not known. */
    boolean hasMonitor() {
        return monitor.isPresent();
    }

    /** Returns the container's init, once the container is up. */
    long initPid() {
        return initPid;
    }

    /**
     * Returns whether another socket than before has this life's name according to this list, or none has. The first list
     * shows which one it is.
     *
     * @param inodes the inodes of all sockets, by name
     */
    boolean isReplaced(Map<String, Long> inodes) {
        Long now = inodes.get(name);
        if (isPending()) {
            return false;
        }
        if (now != null && inode.isEmpty()) {
            inode = OptionalLong.of(now);
        }
        return now == null || inode.getAsLong() != now;
    }

    /** Connects and asks; returns false if no monitor listens. After a failure the caller closes this watch. */
    boolean open() throws IOException {
        Optional<AbstractSocket> connected = monitors.connect(name);
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
        init = end(init);
        monitor = end(monitor);
    }

    private Optional<ProcessWatch> end(Optional<ProcessWatch> watched) {
        watched.ifPresent(process -> {
            poller.forget(process.fd());
            process.close();
        });
        return Optional.empty();
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
            if (init.filter(process -> !process.hasExited()).isEmpty()) {
                close();
                listener.hasLived(this);
                return;
            }
            poller.watch(init.get().fd(), this::initExited);
        } catch (IOException e) {
            close();
            listener.isRefused(this, String.valueOf(e.getMessage()));
            return;
        }
        monitor = watchMonitor();
        listener.isUp(this);
    }

    /**
     * The monitor is the parent of init: the kernel tells init of its death (PR_SET_PDEATHSIG). As long as it lives, no
     * other monitor can listen.
     */
    private Optional<ProcessWatch> watchMonitor() {
        Optional<ProcessWatch> found = Optional.empty();
        try {
            long parent = parentOfInit();
            found = parent > FOSTER_PARENT ? ProcessWatch.of(parent) : Optional.empty();
            if (found.isPresent() && parentOfInit() == parent) {
                poller.watch(found.get().fd(), this::monitorExited);
                return found;
            }
        } catch (IOException e) {
            LOG.debug("container={} the end of its monitor is not seen: {}", id, e.getMessage());
        }
        return end(found);
    }

    private long parentOfInit() {
        return ProcessStat.of(initPid).map(ProcessStat::parent).orElse(0L);
    }

    private void initExited() {
        close();
        listener.hasEnded(this);
    }

    private void monitorExited() {
        monitor = end(monitor);
        listener.isOrphaned(this);
    }
}
