// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.capture;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.channels.ClosedByInterruptException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.opdbus.agent.Program;
import org.opdbus.agent.cli.command.Signals;
import org.opdbus.agent.cli.output.CannotRunException;
import org.opdbus.agent.cli.output.ExitStatus;
import org.opdbus.verticles.capture.CaptureFailure;
import org.opdbus.verticles.capture.CaptureOptions;
import org.opdbus.verticles.capture.CaptureOutput;
import org.opdbus.verticles.capture.CaptureSession;
import org.opdbus.verticles.kernel.netlink.NetlinkException;

/** One capture from its first frame to its end, and the signals that end it. */
final class CaptureRun {
    /** The reader gets this time to take what is written to it when a signal comes. */
    private static final long GRACE_MS = 1_000;

    private final CaptureOptions options;
    private final PrintWriter err;
    private final CountDownLatch done = new CountDownLatch(1);

    CaptureRun(CaptureOptions options, PrintWriter err) {
        this.options = options;
        this.err = err;
    }

    /** Captures until the end and returns the exit status. */
    int run(CaptureTarget target) {
        try (CaptureOutput output = new CaptureOutput(target.channel());
                CaptureSession session = CaptureSession.open(options, output, this::say)) {
            Thread thread = Thread.currentThread();
            Signals.handle(() -> end(session, output, thread), "INT", "TERM", "HUP");
            say("capturing on " + options.ports().size() + (options.ports().size() == 1 ? " port" : " ports"));
            return capture(session, target);
        } catch (CaptureFailure | NetlinkException failure) {
            throw new CannotRunException(String.valueOf(failure.getMessage()), failure);
        } catch (IOException failure) {
            throw new CannotRunException("the capture failed: " + failure.getMessage(), failure);
        } finally {
            done.countDown();
        }
    }

    private int capture(CaptureSession session, CaptureTarget target) throws IOException {
        int status = ExitStatus.DONE;
        try {
            session.run("op-dbus " + Program.version());
        } catch (ClosedByInterruptException ended) {
            say("the reader took nothing any more; the end of the capture is missing");
        } catch (IOException failure) {
            if (!target.isPipe()) {
                say("the capture cannot be written: " + failure.getMessage());
                status = ExitStatus.NO;
            }
        }
        CaptureSession.Summary summary = session.summary();
        say(summary.captured() + " frames captured, " + summary.counts().received() + " received by the filter, "
                + summary.counts().dropped() + " dropped by the kernel");
        return status;
    }

    /** A write to a reader that has stopped would never end. */
    private void end(CaptureSession session, CaptureOutput output, Thread thread) {
        session.end();
        try {
            while (!done.await(GRACE_MS, TimeUnit.MILLISECONDS)) {
                if (output.isWriting()) {
                    thread.interrupt();
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void say(String message) {
        err.println("op-dbus: " + message);
    }
}
