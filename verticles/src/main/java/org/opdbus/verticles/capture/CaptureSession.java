// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.capture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.opdbus.verticles.kernel.Poller;
import org.opdbus.verticles.kernel.capture.BpfProgram;
import org.opdbus.verticles.kernel.capture.CapturedFrame;
import org.opdbus.verticles.kernel.capture.PacketRing;
import org.opdbus.verticles.kernel.capture.PacketRing.Counts;

/**
 * One capture: waits for frames of all ports in one thread and writes them as they come.
 *
 * <p>A port whose link goes away is told, and its next link under the same name is captured again. The capture ends when it is
 * told to, has enough frames, or has had no port for ten seconds, or its network
 * namespace is removed. Only {@link #end} and {@link
 * #leaveOutOthers} may be called by another thread.
 */
public final class CaptureSession implements AutoCloseable {
    private static final long NS_PER_S = 1_000_000_000L;
    private static final long NS_PER_MS = 1_000_000L;
    private static final long STATISTICS_NS = 3 * NS_PER_S;
    private static final long FIRST_LOOK_NS = 100 * NS_PER_MS;
    private static final long ALONE_NS = 10 * NS_PER_S;
    private static final long HAND_OVER_NS = 3 * PacketRing.HAND_OVER_MS * NS_PER_MS;
    private static final long NEVER_NS = 3_600 * NS_PER_S;

    private final CaptureOptions options;
    private final CaptureOutput output;
    private final PcapngWriter writer;
    private final Consumer<String> messages;
    private final Poller poller;
    private final CapturePorts ports;
    private final DueTasks due = new DueTasks();
    private long captured;
    private long aloneUntilNs;
    private boolean statisticsDue;
    private boolean lookDue;
    /** The reader often connects just after the capture has begun, so the first looks for its connection come soon. */
    private long lookNs = FIRST_LOOK_NS;

    private boolean enough;
    private volatile boolean ended;
    private volatile boolean lookAgain;

    /**
     * What a capture has done.
     *
     * @param captured the frames that it wrote
     * @param counts the frames that the kernel has counted
     */
    public record Summary(long captured, Counts counts) {}

    private CaptureSession(CaptureOptions options, CaptureOutput output, Consumer<String> messages) throws IOException {
        this.options = options;
        this.output = output;
        this.messages = messages;
        writer = new PcapngWriter(output);
        poller = new Poller();
        try {
            ports = CapturePorts.open(options, new Watching());
        } catch (IOException | RuntimeException e) {
            poller.close();
            throw e;
        }
    }

    /**
     * Opens the ports; their frames are captured from now on.
     *
     * @param messages told what happens to the ports
     * @throws CaptureFailure if a port is missing or the filter is wrong
     * @throws IOException if the kernel refuses
     */
    public static CaptureSession open(CaptureOptions options, CaptureOutput output, Consumer<String> messages)
            throws IOException {
        return new CaptureSession(options, output, messages);
    }

    /**
     * Captures until the end.
     *
     * @throws IOException if the output cannot be written; {@link #summary} says what was captured until then
     */
    public void run(String program) throws IOException {
        try {
            writer.section(program);
            for (CapturedPort port : ports.all()) {
                writer.port(
                        port.type(),
                        options.snaplen(),
                        List.of(port.shownName(), port.description(), options.filter()));
            }
            output.flush();
            while (!ended && !enough) {
                step(NEVER_NS);
            }
            finish();
        } catch (UncheckedIOException failure) {
            throw failure.getCause();
        }
    }

    private void step(long limitNs) throws IOException {
        poller.await((due.waitNs(Math.max(0, limitNs)) + NS_PER_MS - 1) / NS_PER_MS);
        due.run();
        if (lookAgain) {
            lookAgain = false;
            ports.leaveOutOwnConnections();
        }
        output.flush();
    }

    /** Takes what the kernel has chosen until now; it chooses no more. */
    private void finish() throws IOException {
        if (!enough) {
            for (CapturedPort port : ports.all()) {
                for (PacketRing ring : port.rings()) {
                    ring.attach(BpfProgram.keeping(0));
                }
            }
            long until = System.nanoTime() + HAND_OVER_NS;
            while (until - System.nanoTime() > 0 && !enough) {
                step(until - System.nanoTime());
            }
        }
        writeStatistics();
        output.flush();
    }

    private void read(CapturedPort port, PacketRing ring) {
        ring.clearError();
        ring.read(frame -> write(port, frame));
    }

    private boolean write(CapturedPort port, CapturedFrame frame) {
        if (enough) {
            return false;
        }
        try {
            writer.packet(port.number(), frame, options.snaplen());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        captured++;
        enough = captured == options.countMax();
        if (!statisticsDue) {
            statisticsDue = true;
            due.add(System.nanoTime() + STATISTICS_NS, this::writeStatistics);
        }
        if (!lookDue) {
            lookDue = true;
            due.add(System.nanoTime() + lookNs, this::look);
        }
        return !enough;
    }

    private void look() throws IOException {
        lookDue = false;
        lookNs = Math.min(2 * lookNs, STATISTICS_NS);
        ports.leaveOutOwnConnections();
    }

    private void writeStatistics() throws IOException {
        statisticsDue = false;
        Instant now = Instant.now();
        for (CapturedPort port : ports.all()) {
            writer.statistics(port.number(), now.getEpochSecond() * NS_PER_S + now.getNano(), port.counts());
        }
    }

    /** Returns what was captured so far. */
    public Summary summary() throws IOException {
        Counts counts = new Counts(0, 0);
        for (CapturedPort port : ports.all()) {
            counts = counts.plus(port.counts());
        }
        return new Summary(captured, counts);
    }

    /** Looks soon for the connections that are left out, because there are other ones. Any thread may call it. */
    public void leaveOutOthers() {
        lookAgain = true;
        poller.wake();
    }

    /** Ends the capture soon. Any thread may call it. */
    public void end() {
        ended = true;
        poller.wake();
    }

    @Override
    public void close() {
        ports.close();
        poller.close();
    }

    /** What the ports need of the capture. */
    private final class Watching implements CapturePorts.Owner {
        @Override
        public void say(String message) {
            messages.accept(message);
        }

        @Override
        public void watch(int fd, Runnable action) throws IOException {
            poller.watch(fd, action);
        }

        @Override
        public void opened(CapturedPort port, PacketRing ring) throws IOException {
            poller.watch(ring.fd(), () -> read(port, ring));
        }

        @Override
        public void left(CapturedPort port, PacketRing ring) {
            due.add(System.nanoTime() + HAND_OVER_NS, () -> {
                read(port, ring);
                poller.forget(ring.fd());
                port.close(ring);
            });
        }

        @Override
        public void ends(String reason) {
            messages.accept(reason + "; the capture ends");
            ended = true;
        }

        @Override
        public void isAlone() {
            long until = System.nanoTime() + ALONE_NS;
            aloneUntilNs = until;
            due.add(until, () -> {
                if (aloneUntilNs == until
                        && ports.all().stream().allMatch(each -> each.ring().isEmpty())) {
                    ends("no port has come back");
                }
            });
        }
    }
}
