// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.cluster.nats;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.opdbus.config.ListenAddress;
import org.opdbus.verticles.membership.trust.Certificates;

/**
 * The configuration of one nats-server 2.9 or later. Clients and other servers must show a certificate of the cluster's CA by TLS
 * 1.3: a client must be an admitted host, a server must have a server's certificate.
 *
 * @param prefix of all names of this cluster
 * @param folder where the server finds the files that this one names
 * @param store where it stores streams, in a folder of its own
 * @param storeBytes the most that it stores
 */
record NatsServerText(String prefix, Path folder, Path store, long storeBytes) {
    /** TLS 1.2 has none of these, so only TLS 1.3 is left, which hides certificates. */
    private static final String TLS_13 =
            "[\"TLS_AES_128_GCM_SHA256\", \"TLS_AES_256_GCM_SHA384\", \"TLS_CHACHA20_POLY1305_SHA256\"]";

    /** For consumers, of which the agent makes none; streams are in files. */
    private static final String MEMORY_MOST = "64MB";

    /** A trust bundle of some thousand hosts; 1 MB, which is the default, is enough for some hundred. */
    private static final String MESSAGE_MOST = "8MB";

    String of(NatsServerPlace server, List<NatsServerPlace> all) {
        String text = """
                # Written by "op-dbus cluster nats-config". To change it, run that again.
                server_name: %s
                listen: %s
                client_advertise: %s
                max_payload: %s
                include "%s"
                %s
                jetstream {
                  store_dir: %s
                  max_file_store: %d
                  max_memory_store: %s
                }
                """.formatted(
                        Quoted.text(server.name()),
                        Quoted.text(bound(server.address()).toString()),
                        Quoted.text(server.address().toString()),
                        MESSAGE_MOST,
                        NatsFolder.HOSTS,
                        tls(server, ""),
                        Quoted.text(store.resolve(server.name()).toString()),
                        storeBytes,
                        MEMORY_MOST);
        return all.size() == 1 ? text : text + cluster(server, all);
    }

    private String cluster(NatsServerPlace server, List<NatsServerPlace> all) {
        String routes =
                all.stream().map(each -> Quoted.text("tls://" + each.route())).collect(Collectors.joining(", "));
        return """
                cluster {
                  name: %s
                  listen: %s
                  cluster_advertise: %s
                  # Not a secret: the name that must be in the certificate of a server, and that no host's has.
                  authorization { user: %s, timeout: 10 }
                %s
                  routes: [%s]
                }
                """.formatted(
                        Quoted.text(prefix),
                        Quoted.text(bound(server.route()).toString()),
                        Quoted.text(server.route().toString()),
                        Quoted.text(Certificates.NATS_SERVER),
                        tls(server, "  "),
                        routes);
    }

    private String tls(NatsServerPlace server, String indent) {
        return """
                tls {
                  cert_file: %s
                  key_file: %s
                  ca_file: %s
                  verify_and_map: true
                  cipher_suites: %s
                  timeout: 10
                }""".formatted(
                        Quoted.text(folder.resolve(server.name() + NatsFolder.CERTIFICATE)
                                .toString()),
                        Quoted.text(
                                folder.resolve(server.name() + NatsFolder.KEY).toString()),
                        Quoted.text(folder.resolve(NatsFolder.AUTHORITY).toString()),
                        TLS_13)
                .indent(indent.length())
                .stripTrailing();
    }

    /** A name may be, on the host that has it, the name of a loopback address, where nobody else finds the server. */
    private static ListenAddress bound(ListenAddress address) {
        boolean isName = !address.host().contains(":") && !address.host().matches("[0-9.]+");
        return isName ? new ListenAddress("0.0.0.0", address.port()) : address;
    }
}
