// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * A member's own connection to a nats-server, without the library: it sends messages over and over, also such as the library
 * would not send. Ends when it is closed.
 */
final class NatsFlood implements AutoCloseable {
    private static final int PORT = 4222;
    private static final long PAUSE_MS = 100;

    private final SSLSocket socket;
    private final CountDownLatch end = new CountDownLatch(1);
    private final AtomicLong rounds = new AtomicLong();
    private final Thread sending;
    private final Thread reading;
    private volatile @Nullable IOException failure;

    /**
     * Begins to send, some ten rounds a second if the server takes them.
     *
     * @param messages what is sent in a round, by its number
     */
    NatsFlood(String address, SSLContext tls, LongFunction<List<byte[]>> messages) throws IOException {
        Socket plain = new Socket(address, PORT);
        InputStream clear = plain.getInputStream();
        // The first line of the server is in clear.
        for (int each = clear.read(); each != '\n'; each = clear.read()) {
            if (each < 0) {
                throw new IOException("the server closes the connection");
            }
        }
        socket = (SSLSocket) tls.getSocketFactory().createSocket(plain, address, PORT, true);
        send(("CONNECT {\"verbose\":false,\"pedantic\":false,\"tls_required\":true,\"headers\":true,\"protocol\":1,"
                        + "\"name\":\"flood\",\"lang\":\"test\",\"version\":\"1\"}\r\nPING\r\n")
                .getBytes(UTF_8));
        sending = begin(() -> {
            do {
                for (byte[] each : messages.apply(rounds.get())) {
                    send(each);
                }
                rounds.incrementAndGet();
            } while (!end.await(PAUSE_MS, TimeUnit.MILLISECONDS));
        });
        reading = begin(this::read);
    }

    /** Returns a message without headers. */
    static byte[] message(String subject, byte[] data) {
        return joined("PUB " + subject + " " + data.length + "\r\n", data);
    }

    /** Returns a message with anything for headers. */
    static byte[] message(String subject, String headers, byte[] data) {
        return joined(
                "HPUB " + subject + " " + headers.length() + " " + (headers.length() + data.length) + "\r\n" + headers,
                data);
    }

    private static byte[] joined(String line, byte[] data) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(line.getBytes(UTF_8));
        all.writeBytes(data);
        all.writeBytes("\r\n".getBytes(UTF_8));
        return all.toByteArray();
    }

    /** Returns how many rounds were sent; fails if the server has ended the connection. */
    long rounds() {
        IOException failed = failure;
        if (failed != null) {
            throw new AssertionError("the flood has ended: " + failed, failed);
        }
        return rounds.get();
    }

    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private Thread begin(Work work) {
        Thread begun = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException e) {
                        if (end.getCount() > 0) {
                            failure = e;
                        }
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "nats-flood");
        begun.setDaemon(true);
        begun.start();
        return begun;
    }

    private void read() throws IOException {
        InputStream in = socket.getInputStream();
        byte[] bytes = new byte[1 << 10];
        for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
            String said = new String(bytes, 0, count, UTF_8);
            if (said.contains("-ERR")) {
                throw new IOException(said);
            }
            if (said.contains("PING")) {
                send("PONG\r\n".getBytes(UTF_8));
            }
        }
        throw new IOException("the server closes the connection");
    }

    private void send(byte[] message) throws IOException {
        synchronized (socket) {
            OutputStream out = socket.getOutputStream();
            out.write(message);
            out.flush();
        }
    }

    @Override
    public void close() {
        end.countDown();
        try {
            socket.close();
            sending.join();
            reading.join();
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
