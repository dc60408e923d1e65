// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.driver;

import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.core.SingleEmitter;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.opdbus.verticles.driver.DriverException.Reason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs programs, a few at a time, on threads of its own.
 *
 * <p>Any thread may use it; it emits results on its own threads. Disposing of a subscription, or closing the runner,
 * ends the program and everything that it started.
 */
public final class CommandRunner implements AutoCloseable {
    private static final String PROGRAMS = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /**
     * The environment of a program, without the mark that the runner adds; the agent's own environment is not passed
     * on.
     */
    public static final Map<String, String> ENVIRONMENT = Map.of(
            "PATH", PROGRAMS,
            "HOME", "/root",
            "LANG", "C.UTF-8");

    private static final String MARK = "OP_DBUS_COMMAND";
    private static final int PARALLEL_MAX = 4;
    private static final int QUEUE_LENGTH_MAX = 1_024;
    private static final int OUTPUT_BYTES_MAX = 262_144;
    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final int LOOK_INTERVAL_MS = 10;
    private static final int NO_SUCH_FILE = 2;

    private static final Logger LOG = LoggerFactory.getLogger(CommandRunner.class);

    private final ThreadPoolExecutor threads;
    private final Duration grace;
    private final int outputBytesMax;

    /** Creates a runner with the default limits: 4 programs at a time, 256 KiB of each output. */
    public CommandRunner() {
        this(PARALLEL_MAX, QUEUE_LENGTH_MAX, OUTPUT_BYTES_MAX, GRACE);
    }

    /** Creates a runner with the default limits, but for the number of programs that run at a time. */
    public CommandRunner(int parallelMax) {
        this(parallelMax, QUEUE_LENGTH_MAX, OUTPUT_BYTES_MAX, GRACE);
    }

    CommandRunner(int parallelMax, int queueLengthMax, int outputBytesMax, Duration grace) {
        AtomicInteger number = new AtomicInteger();
        threads = new ThreadPoolExecutor(
                parallelMax, parallelMax, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>(queueLengthMax), work -> {
                    Thread thread = new Thread(work, "op-dbus-command-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        this.outputBytesMax = outputBytesMax;
        this.grace = grace;
    }

    /**
     * Runs a program.
     *
     * @return how it ended, with any exit code; fails with {@link DriverException} {@link Reason#NO_TOOL} or {@link
     * Reason#BUSY}
     */
    public Single<CommandResult> run(Command command) {
        return submit(() -> runNow(command));
    }

    /** Returns how many operations wait for their turn. Any thread may call it. */
    public int waiting() {
        return threads.getQueue().size();
    }

    /**
     * Returns a command that runs as if its user had started it: without the protection of this process from a shortage of
     * memory, and with the usual limit of open files.
     */
    public static List<String> asByItsUser(List<String> command) {
        return OpenFilesLimit.restore(OomScore.reset(command, PROGRAMS), PROGRAMS);
    }

    /** Returns whether a program is on the search path of the programs that the agent runs, or is the path of one. */
    public static boolean isInstalled(String program) {
        return OomScore.exists(program, PROGRAMS);
    }

    /** Runs an operation that waits for programs and files. */
    public <T> Single<T> submit(Callable<T> work) {
        return Single.create(emitter -> {
            // Only unfinished work is interrupted: the subscriber's code runs on the same thread.
            AtomicBoolean settled = new AtomicBoolean();
            try {
                Future<?> future = threads.submit(() -> settle(work, settled, emitter));
                emitter.setCancellable(() -> {
                    if (settled.compareAndSet(false, true)) {
                        future.cancel(true);
                    }
                });
            } catch (RejectedExecutionException full) {
                emitter.tryOnError(new DriverException(
                        Reason.BUSY, "too many operations on containers are waiting already", "try again later", full));
            }
        });
    }

    private static <T> void settle(Callable<T> work, AtomicBoolean settled, SingleEmitter<T> emitter) {
        try {
            T result = work.call();
            if (settled.compareAndSet(false, true)) {
                emitter.onSuccess(result);
            }
        } catch (Exception | Error failure) {
            if (!settled.compareAndSet(false, true) || !emitter.tryOnError(failure)) {
                LOG.info("an operation without a subscriber ended: {}", failure.toString());
            }
        }
    }

    /** Runs a program and waits for it; only on a thread of {@link #submit}. */
    public CommandResult runNow(Command command) throws DriverException, InterruptedException {
        String mark = UUID.randomUUID().toString();
        ProcessBuilder builder = new ProcessBuilder(asByItsUser(command.arguments())).directory(new File("/"));
        builder.environment().clear();
        builder.environment().putAll(ENVIRONMENT);
        builder.environment().put(MARK, mark);
        Process process = start(builder, command);
        ProcessTree tree = new ProcessTree(process.pid(), MARK + "=" + mark);
        try {
            write(process, command);
            return follow(process, tree, command);
        } catch (IOException failure) {
            tree.end(grace);
            throw new DriverException(
                    Reason.REFUSED, "the output of \"" + command + "\" cannot be read: " + failure, "", failure);
        } catch (InterruptedException cancelled) {
            tree.end(grace);
            throw cancelled;
        } finally {
            close(process);
        }
    }

    private static Process start(ProcessBuilder builder, Command command) throws DriverException {
        String program = command.arguments().get(0);
        try {
            return builder.start();
        } catch (IOException failure) {
            boolean missing = String.valueOf(failure.getMessage()).contains("error=" + NO_SUCH_FILE + ",");
            throw new DriverException(
                    Reason.NO_TOOL,
                    program + (missing ? " is not on this host" : " cannot be run: " + failure.getMessage()),
                    missing ? "install the package that holds " + program : "check that it is executable",
                    failure);
        }
    }

    private static void write(Process process, Command command) throws InterruptedException {
        try (OutputStream stdin = process.getOutputStream()) {
            if (command.stdin().isPresent()) {
                stdin.write(command.stdin().get().getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException closed) {
            // The program did not read to the end; its exit code says whether that is an error.
            LOG.debug("program={} read no input", command.arguments().get(0));
        }
    }

    /**
     * Reads the output of the program until it ends.
     *
     * <p>A blocking read could not be abandoned: a process that inherits the pipe and keeps running, such as a daemon
     * that a template starts, would hold this thread as long as it runs. So this method checks the pipes between
     * waits for the end.
     */
    private CommandResult follow(Process process, ProcessTree tree, Command command)
            throws IOException, InterruptedException, DriverException {
        OutputBuffer stdout = new OutputBuffer(outputBytesMax);
        OutputBuffer stderr = new OutputBuffer(outputBytesMax);
        long deadline = System.nanoTime() + command.limit().toNanos();
        boolean timedOut = false;
        boolean ended = false;
        while (!ended) {
            boolean more = fill(process, stdout, stderr);
            ended = process.waitFor(more ? 0 : LOOK_INTERVAL_MS, TimeUnit.MILLISECONDS);
            if (!ended && System.nanoTime() - deadline > 0) {
                timedOut = true;
                if (!tree.end(grace)) {
                    LOG.warn("command=\"{}\" outlived SIGKILL", command);
                }
                ended = true;
            }
        }
        drain(process, stdout, stderr);
        Redaction redaction = Redaction.of(command.secrets());
        return new CommandResult(
                timedOut ? -1 : process.exitValue(),
                stdout.text(redaction),
                stderr.text(redaction),
                stdout.isTruncated() || stderr.isTruncated(),
                timedOut);
    }

    /** Reads what is left in the pipes: no more than they hold, even if a process continues to write. */
    private static void drain(Process process, OutputBuffer stdout, OutputBuffer stderr) throws IOException {
        boolean more = true;
        for (int round = 0; more && round < 64; round++) {
            more = fill(process, stdout, stderr);
        }
    }

    private static boolean fill(Process process, OutputBuffer stdout, OutputBuffer stderr) throws IOException {
        boolean printed = stdout.fill(process.getInputStream());
        boolean said = stderr.fill(process.getErrorStream());
        return printed || said;
    }

    private static void close(Process process) {
        try {
            process.getInputStream().close();
            process.getErrorStream().close();
        } catch (IOException e) {
            LOG.debug("the pipes of process {} were closed already", process.pid(), e);
        }
    }

    /** Ends what is running and accepts nothing more. */
    @Override
    public void close() {
        threads.shutdownNow();
    }
}
