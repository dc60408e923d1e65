// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.machine;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection to the monitor of a running qemu (QMP, {@code docs/interop/qmp-spec.txt} of qemu): one JSON object a line. It hears
 * when the machine is switched off from within. A thread of its own reads until qemu closes the socket. Safe for use by any thread
 * that may block.
 */
final class MachineMonitor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MachineMonitor.class);
    private static final int LINE_BYTES_MAX = 1 << 20;
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);
    /** In this state is a machine that was switched off, because qemu runs with {@code -no-shutdown}. */
    private static final String OFF = "shutdown";

    private final SocketChannel channel;
    private final Runnable switchedOff;
    /** One command is under way at a time; an answer that comes after the limit must not block the reader. */
    private final BlockingQueue<JsonObject> answers = new ArrayBlockingQueue<>(16);

    private volatile boolean closed;

    private MachineMonitor(SocketChannel channel, Runnable switchedOff) {
        this.channel = channel;
        this.switchedOff = switchedOff;
    }

    /**
     * Connects. When it returns, qemu has opened everything that the machine needs.
     *
     * @param switchedOff called once, on the thread of the connection, when the machine was switched off from within, also
     *     before the connection was made
     * @throws IOException if nothing listens there, or does not answer as qemu does in time
     */
    static MachineMonitor connect(Path socket, Runnable switchedOff) throws IOException, InterruptedException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        MachineMonitor monitor = new MachineMonitor(channel, switchedOff);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            monitor.listen(String.valueOf(socket.getFileName()));
            // The greeting is read like an answer.
            monitor.await("greet");
            monitor.ask("qmp_capabilities");
            if (monitor.ask("query-status").getString("status", "").equals(OFF)) {
                switchedOff.run();
            }
            return monitor;
        } catch (IOException | InterruptedException | RuntimeException failure) {
            monitor.close();
            throw failure;
        }
    }

    /** Presses the power button of the machine. */
    void pressPowerButton() throws IOException, InterruptedException {
        ask("system_powerdown");
    }

    /** Returns whether this connection has ended. */
    boolean isClosed() {
        return closed;
    }

    private synchronized JsonObject ask(String command) throws IOException, InterruptedException {
        answers.clear();
        ByteBuffer line = StandardCharsets.UTF_8.encode(
                new JsonObject().put("execute", command).encode() + "\n");
        while (line.hasRemaining()) {
            channel.write(line);
        }
        JsonObject answer = await(command);
        if (answer.containsKey("error")) {
            throw new IOException("qemu refused " + command + ": " + answer.getValue("error"));
        }
        return answer.getValue("return") instanceof JsonObject value ? value : new JsonObject();
    }

    private JsonObject await(String command) throws IOException, InterruptedException {
        JsonObject answer = answers.poll(ANSWER_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        if (answer == null || closed) {
            throw new IOException("qemu did not answer " + command + " within " + ANSWER_LIMIT);
        }
        return answer;
    }

    private void listen(String name) {
        Thread reader = new Thread(this::read, "op-dbus-" + name);
        reader.setDaemon(true);
        reader.start();
    }

    private void read() {
        try (InputStream bytes = new BufferedInputStream(Channels.newInputStream(channel))) {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int next = bytes.read(); next >= 0 && !closed; next = bytes.read()) {
                if (next == '\n') {
                    take(new JsonObject(line.toString(StandardCharsets.UTF_8)));
                    line.reset();
                } else if (line.size() == LINE_BYTES_MAX) {
                    throw new IOException("a line has more than " + LINE_BYTES_MAX + " bytes");
                } else {
                    line.write(next);
                }
            }
        } catch (IOException | DecodeException ended) {
            if (!closed) {
                LOG.info("the connection to a machine's monitor ended: {}", ended.getMessage());
            }
        } finally {
            close();
        }
    }

    private void take(JsonObject message) {
        String event = message.getString("event", "");
        if (event.isEmpty()) {
            if (!answers.offer(message)) {
                LOG.debug("an answer of qemu came too late: {}", message);
            }
        } else if (event.equals("SHUTDOWN")
                && message.getJsonObject("data", new JsonObject()).getBoolean("guest", false)) {
            switchedOff.run();
        }
    }

    @Override
    public void close() {
        closed = true;
        // Wakes a thread that waits for an answer.
        answers.offer(new JsonObject());
        try {
            channel.close();
        } catch (IOException gone) {
            LOG.debug("the monitor of a machine was closed already", gone);
        }
    }
}
