// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership.tls;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server socket whose {@link #accept} returns only connections of members, on which TLS 1.3 is established.
 *
 * <p>One thread accepts, others do at most 64 handshakes of at most 10 s, and the owner's thread takes the ready
 * connections. While it takes nothing, at most 64 connections are ready; a further one is closed. JGroups needs this,
 * because it does the handshake on the one thread that accepts. Its {@code peer_addr_read_timeout} of 2 s limits each
 * read and not the whole, so a few silent connections would keep every member out.
 */
public final class TlsServerSocket extends ServerSocket {
    private static final Logger LOG = LoggerFactory.getLogger("op-dbus.cluster");
    private static final int READY_MAX = 64;
    private static final long IDLE_THREAD_S = 10;
    private static final long PAUSE_MS = 500;

    private final SSLContext tls;
    private final PendingHandshakes pending = new PendingHandshakes();
    private final BlockingQueue<Ready> ready = new ArrayBlockingQueue<>(READY_MAX);
    /**
     * The thread of a connection that was closed to make room ends a moment later; so there are some more threads
     * than places.
     */
    private final ThreadPoolExecutor handshakes = new ThreadPoolExecutor(
            0,
            PendingHandshakes.PENDING_MAX * 2,
            IDLE_THREAD_S,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            daemons("op-dbus-cluster-handshake"));

    private final ScheduledThreadPoolExecutor limits =
            new ScheduledThreadPoolExecutor(1, daemons("op-dbus-cluster-handshake-limit"));
    private final AtomicBoolean isAccepting = new AtomicBoolean();

    /** A connection whose handshake is finished, or the signal that there will be no more. */
    private record Ready(Optional<SSLSocket> caller) {}

    /** Creates an unbound socket. */
    public TlsServerSocket(SSLContext tls) throws IOException {
        this.tls = tls;
        limits.setRemoveOnCancelPolicy(true);
    }

    @Override
    public SSLSocket accept() throws IOException {
        if (isAccepting.compareAndSet(false, true)) {
            daemons("op-dbus-cluster-accept").newThread(this::acceptAll).start();
        }
        try {
            Optional<SSLSocket> caller = ready.take().caller();
            if (caller.isPresent() && !isClosed()) {
                return caller.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new SocketException("Socket closed");
    }

    @Override
    public void close() throws IOException {
        if (isClosed()) {
            return;
        }
        super.close();
        handshakes.shutdownNow();
        limits.shutdownNow();
        List<Ready> left = new ArrayList<>();
        ready.drainTo(left);
        left.forEach(each -> each.caller().ifPresent(TlsServerSocket::close));
        // Wakes the thread that waits in accept; if there is no room, a connection does.
        boolean unused = ready.offer(new Ready(Optional.empty()));
    }

    private void acceptAll() {
        while (!isClosed()) {
            try {
                receive(super.accept());
            } catch (IOException e) {
                if (!isClosed()) {
                    LOG.warn("cluster: cannot accept a connection: {}", e.getMessage());
                    pause();
                }
            }
        }
    }

    /**
     * Without file descriptors accept fails at once; this pause prevents a busy loop. It ends early when the socket
     * is closed, because that ends the executor, too.
     */
    private void pause() {
        try {
            if (limits.awaitTermination(PAUSE_MS, TimeUnit.MILLISECONDS)) {
                LOG.debug("cluster: the socket was closed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void receive(Socket caller) {
        PendingHandshakes.Entry entry = pending.enter(caller.getInetAddress().getHostAddress(), () -> close(caller));
        try {
            Future<?> late =
                    limits.schedule(() -> close(caller), PendingHandshakes.HANDSHAKE_LIMIT_MS, TimeUnit.MILLISECONDS);
            handshakes.execute(() -> {
                shake(caller, late);
                entry.leave();
            });
        } catch (RejectedExecutionException tooMany) {
            entry.leave();
            close(caller);
        }
    }

    private void shake(Socket caller, Future<?> late) {
        try {
            SSLSocket secure = (SSLSocket) tls.getSocketFactory().createSocket(caller, null, true);
            secure.setUseClientMode(false);
            secure.setNeedClientAuth(true);
            secure.setEnabledProtocols(new String[] {Tls.VERSION});
            secure.startHandshake();
            if (!late.cancel(false) || !ready.offer(new Ready(Optional.of(secure))) || isClosed()) {
                close(secure);
            }
        } catch (IOException e) {
            // MemberTrust has logged a certificate that is not trusted; every other failure comes
            // from an unknown program.
            LOG.debug("cluster: {} did not finish a handshake: {}", caller.getRemoteSocketAddress(), e.toString());
            late.cancel(false);
            close(caller);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("cluster: closing a connection failed: {}", e.toString());
        }
    }

    private static ThreadFactory daemons(String name) {
        return work -> {
            Thread thread = new Thread(work, name);
            thread.setDaemon(true);
            thread.setUncaughtExceptionHandler(
                    (ended, e) -> LOG.error("cluster: {} ended because of a defect", ended.getName(), e));
            return thread;
        };
    }
}
