// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.opdbus.agent.cli.output.StandardStreams;

/** A command that runs in this process, and its output. Its reader can disconnect, as head(1) does. */
public final class CommandRun {
    private static final long LIMIT_S = 60;

    private final Sink out = new Sink("Broken pipe");
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final FutureTask<Integer> task;

    private CommandRun(boolean outIsPipe, boolean outIsTerminal, boolean errIsTerminal, List<String> arguments) {
        StandardStreams streams = new StandardStreams(out, outIsPipe, outIsTerminal, err, errIsTerminal);
        Callable<Integer> call = () -> CommandLineProgram.execute(streams, arguments.toArray(String[]::new));
        task = new FutureTask<>(call);
    }

    /** A command that has ended. */
    public static CommandRun of(String... arguments) throws Exception {
        CommandRun run = started(arguments);
        run.status();
        return run;
    }

    /** A command that may take its time. */
    static CommandRun started(String... arguments) {
        return start(new CommandRun(true, false, false, List.of(arguments)));
    }

    /** A command on a ledger, for tests that have a directory. */
    public static CommandRun ledger(Object dir, String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of("ledger", "--dir", dir.toString()));
        all.addAll(List.of(arguments));
        return of(all.toArray(String[]::new));
    }

    /** A command that has ended, whose results go to a terminal. */
    static CommandRun onTerminal(String... arguments) throws Exception {
        CommandRun run = start(new CommandRun(false, true, false, List.of(arguments)));
        run.status();
        return run;
    }

    /** A command whose results go to a reader that reads nothing, or to a device that is full. */
    static CommandRun unread(boolean pipe, String... arguments) throws Exception {
        CommandRun run = new CommandRun(pipe, false, false, List.of(arguments));
        run.out.full = true;
        start(run).status();
        return run;
    }

    private static CommandRun start(CommandRun run) {
        Thread thread = new Thread(run.task, "command");
        thread.setDaemon(true);
        thread.start();
        return run;
    }

    /** The exit status; waits for the end. */
    public int status() throws Exception {
        return task.get(LIMIT_S, TimeUnit.SECONDS);
    }

    boolean isRunning() {
        return !task.isDone();
    }

    public String out() {
        return out.text();
    }

    byte[] outBytes() {
        return out.bytes();
    }

    public List<String> lines() {
        return out().lines().toList();
    }

    public String err() {
        return err.toString(StandardCharsets.UTF_8);
    }

    /** From now on no process reads the results. */
    void stopReading() {
        out.full = true;
    }

    private static final class Sink extends OutputStream {
        private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
        private final String failure;
        private volatile boolean full;

        Sink(String failure) {
            this.failure = failure;
        }

        @Override
        public void write(int value) throws IOException {
            write(new byte[] {(byte) value}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            if (full && length > 0) {
                throw new IOException(failure);
            }
            synchronized (taken) {
                taken.write(bytes, from, length);
            }
        }

        byte[] bytes() {
            synchronized (taken) {
                return taken.toByteArray();
            }
        }

        String text() {
            return new String(bytes(), StandardCharsets.UTF_8);
        }
    }
}
