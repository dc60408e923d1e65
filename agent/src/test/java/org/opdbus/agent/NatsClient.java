// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import io.nats.client.Connection;
import io.nats.client.ConnectionListener;
import io.nats.client.ErrorListener;
import io.nats.client.Nats;
import io.nats.client.Options;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import org.opdbus.verticles.cluster.nats.Subjects;
import org.opdbus.verticles.membership.tls.NatsServerTrust;
import org.opdbus.verticles.membership.tls.Tls;
import org.opdbus.verticles.membership.trust.ClusterFolder;
import org.opdbus.verticles.membership.trust.Identity;
import org.opdbus.verticles.membership.trust.Trust;

/** A client of a nats-server with the certificate of a host, which it may use in any way. */
final class NatsClient implements AutoCloseable {
    /** What the server and the library complain of, in order. */
    final List<String> errors = new CopyOnWriteArrayList<>();

    final List<ConnectionListener.Events> events = new CopyOnWriteArrayList<>();
    final Connection connection;

    NatsClient(String url, String host, SSLContext tls) throws IOException {
        try {
            connection = Nats.connect(new Options.Builder()
                    .server(url)
                    .sslContext(tls)
                    .noReconnect()
                    .ignoreDiscoveredServers()
                    .inboxPrefix(new Subjects("opdbus").inbox(host))
                    .connectionListener((connection, event) -> events.add(event))
                    .errorListener(new ErrorListener() {
                        @Override
                        public void errorOccurred(Connection connection, String error) {
                            errors.add(error);
                        }
                    })
                    .build());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    /** Returns the TLS of a host of a cluster with the files in this folder. */
    static SSLContext tls(Path files) {
        ClusterFolder folder = new ClusterFolder(files);
        return tls(
                folder.requireIdentity(), folder.requireTrustBundle().content().trust());
    }

    static SSLContext tls(Identity identity, Trust trust) {
        return Tls.context(Optional.of(identity), new NatsServerTrust(() -> trust));
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
