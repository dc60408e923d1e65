// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import io.nats.client.JetStreamApiException;
import io.nats.client.JetStreamManagement;
import io.nats.client.api.MessageInfo;
import io.nats.client.api.StreamInfo;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.opdbus.verticles.cluster.nats.Subjects;
import org.opdbus.verticles.membership.Libraries;
import org.opdbus.verticles.membership.trust.Authority;
import org.opdbus.verticles.membership.trust.Certificates.Signer;
import org.opdbus.verticles.membership.trust.ClusterFolder;
import org.opdbus.verticles.membership.trust.Identity;

/** An operator's connection to the nats-servers, whom they let do everything. For one thread. */
final class NatsOperator implements AutoCloseable {
    private static final Subjects NAMES = new Subjects("opdbus");
    private static final Pattern HEIGHTS = Pattern.compile("([0-9]+)-([0-9]+) .*");

    private final NatsClient client;
    private final JetStreamManagement streams;

    /** Has the servers let in who has a certificate of a server, and connects to this one. */
    NatsOperator(ManyHosts many, int server) throws IOException {
        many.nats().admitOperator();
        ClusterFolder files = new ClusterFolder(many.host(0).clusterFolder());
        Signer own = new Authority(
                        many.host(0).clusterFolder(), Libraries.load().certificates())
                .natsServer(many.nats().address(server));
        Identity identity = new Identity(
                own.key(), own.certificate(), files.requireIdentity().issuer());
        client = eventually(() -> new NatsClient(
                many.nats().urls().get(server),
                "operator",
                NatsClient.tls(identity, files.requireTrustBundle().content().trust())));
        streams = client.connection.jetStreamManagement();
    }

    /** Deletes the stream of the entries; false if there is none now. */
    boolean deleteEntries() throws IOException {
        try {
            return streams.deleteStream(NAMES.entriesStream());
        } catch (JetStreamApiException missing) {
            return false;
        }
    }

    /** Fails unless the stream holds the ledgers of these hosts: each entry once, in order. */
    void checkEntries(List<WireHost> hosts) throws IOException, JetStreamApiException {
        Map<String, Long> ends = new TreeMap<>();
        StreamInfo stream = entries();
        for (long sequence = stream.getStreamState().getFirstSequence();
                sequence <= stream.getStreamState().getLastSequence();
                sequence++) {
            MessageInfo page = streams.getMessage(NAMES.entriesStream(), sequence);
            Matcher heights = HEIGHTS.matcher(page.getHeaders().getFirst("Op-Dbus-Entries"));
            assertThat(heights.matches()).as("a mark of a page").isTrue();
            assertThat(Long.parseLong(heights.group(1)))
                    .as("first entry of message %s of %s", sequence, page.getSubject())
                    .isEqualTo(ends.getOrDefault(page.getSubject(), 0L) + 1);
            ends.put(page.getSubject(), Long.parseLong(heights.group(2)));
        }
        for (WireHost host : hosts) {
            assertThat(ends.get(NAMES.entries(host.name)))
                    .as("entries of %s in the stream", host)
                    .isEqualTo(host.agent().ledger().size());
        }
    }

    private StreamInfo entries() throws IOException, JetStreamApiException {
        return streams.getStreamInfo(NAMES.entriesStream());
    }

    @Override
    public void close() {
        client.close();
    }
}
