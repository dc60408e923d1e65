// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.access;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.opdbus.config.HttpTlsConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The TLS of the server. New connections use the files as they are: some connection after a change has them read again, on another
 * thread. Files that cannot be used are told once, and the former ones stay in use. For any thread.
 */
public final class ServerTls {
    private static final Logger LOG = LoggerFactory.getLogger(ServerTls.class);
    private static final Duration HANDSHAKE = Duration.ofSeconds(5);
    private static final Duration CLOSE = Duration.ofSeconds(1);
    /** The files are looked at no more often. */
    private static final Duration LOOK = Duration.ofSeconds(2);

    private static final int SESSIONS_MAX = 256;
    private static final long SESSION_SECONDS = 3_600;

    private final Path certificate;
    private final Path key;
    private final AtomicBoolean isLooking = new AtomicBoolean();
    private volatile SslContext context;
    private volatile List<Object> read;
    private volatile long lookedNs = System.nanoTime();

    private ServerTls(Path certificate, Path key) throws IOException {
        this.certificate = certificate;
        this.key = key;
        read = state();
        context = context();
    }

    /**
     * Reads the files. Waits for the disk.
     *
     * @throws IOException if they cannot be used; the message says what to do
     */
    public static ServerTls of(Path certificate, HttpTlsConfig config) throws IOException {
        return new ServerTls(certificate, config.keyFile());
    }

    /**
     * Returns what encrypts a new connection.
     *
     * @param worker runs a look at the files, which waits for the disk
     */
    public SslHandler handler(ByteBufAllocator allocator, Executor worker) {
        if (System.nanoTime() - lookedNs > LOOK.toNanos() && isLooking.compareAndSet(false, true)) {
            worker.execute(this::look);
        }
        SslHandler handler = context.newHandler(allocator);
        handler.setHandshakeTimeoutMillis(HANDSHAKE.toMillis());
        handler.setCloseNotifyFlushTimeoutMillis(CLOSE.toMillis());
        return handler;
    }

    private void look() {
        try {
            List<Object> now = state();
            if (!now.equals(read)) {
                // Noted before they are used, so that unusable ones are told once.
                read = now;
                context = context();
                LOG.info("http.tls has changed: new connections use the new certificate");
            }
        } catch (IOException unusable) {
            LOG.warn("the former certificate stays in use: {}", unusable.getMessage());
        } finally {
            lookedNs = System.nanoTime();
            isLooking.set(false);
        }
    }

    /** Returns what changes whenever one of the files does. */
    private List<Object> state() throws IOException {
        List<Object> state = new ArrayList<>();
        for (Path file : List.of(certificate, key)) {
            if (Files.exists(file)) {
                BasicFileAttributes facts = Files.readAttributes(file, BasicFileAttributes.class);
                state.addAll(List.of(facts.lastModifiedTime(), facts.size(), String.valueOf(facts.fileKey())));
            } else {
                state.add(file);
            }
        }
        return state;
    }

    private SslContext context() throws IOException {
        TlsIdentity identity = TlsIdentity.read(certificate, key);
        X509Certificate own = identity.chain().get(0);
        if (own.getNotAfter().toInstant().isBefore(Instant.now())) {
            LOG.warn(
                    "the certificate in {} has expired on {}: browsers will refuse it",
                    certificate,
                    own.getNotAfter().toInstant());
        }
        return SslContextBuilder.forServer(identity.key(), identity.chain())
                .sslProvider(SslProvider.JDK)
                .protocols("TLSv1.3", "TLSv1.2")
                .sessionCacheSize(SESSIONS_MAX)
                .sessionTimeout(SESSION_SECONDS)
                .build();
    }
}
