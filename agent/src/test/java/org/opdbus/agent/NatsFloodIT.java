// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.LongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.verticles.cluster.nats.Subjects;
import org.opdbus.verticles.membership.trust.ClusterFolder;
import org.opdbus.verticles.membership.trust.SignedTrustBundle;

/**
 * Three hosts on three nats-servers. One of them floods the others with all that the servers take from it. The agents have
 * their usual small heap, and end if it is full.
 */
final class NatsFloodIT {
    private static final Subjects NAMES = new Subjects("opdbus");
    private static final String FLOODER = "gamma";
    private static final int BUNDLES = 10;
    /** The servers take messages of up to 8 MB. */
    private static final int LARGE = 7_500_000;
    /** All frames are kept until the end. */
    private static final long ROUNDS_BETWEEN_LARGE = 50;

    private static final long ROUNDS = 20;
    /** By one host, all levels but DEBUG, from the beginning. */
    private static final long LOG_LINES_MAX = 150;

    @TempDir
    Path folder;

    @Test
    void a_member_that_floods_the_others_with_trust_bundles_and_worse_stops_no_host_and_is_removed() throws Exception {
        try (ManyHosts many = ManyHosts.onNats(folder, List.of("alpha", "beta", FLOODER))) {
            many.startSwitches().form();
            List<WireHost> others = List.of(many.host(0), many.host(1));
            WireHost alpha = many.host(0);
            try (NatsFlood flood = new NatsFlood(
                    many.nats().address(2),
                    NatsClient.tls(many.host(2).clusterFolder()),
                    messages(bundle(alpha).text()))) {
                awaitRounds(flood);
                others.forEach(WireHost::enrol);
                awaitTold(others);

                alpha.command("cluster", "remove", FLOODER);
                long newest = bundle(alpha).content().version();
                for (WireHost each : others) {
                    eventually(
                            () -> assertThat(bundle(each).content().version()).isEqualTo(newest));
                }
                others.forEach(WireHost::enrol);
                awaitTold(others);
                awaitRounds(flood);
            }
            others.forEach(WireHost::enrol);
            awaitTold(others);
            for (WireHost each : others) {
                assertThat(each.agent().isAlive()).as(each.agent().logText()).isTrue();
                assertThat(each.linesForAll()).as(each.agent().logText()).isLessThan(LOG_LINES_MAX);
            }
        }
    }

    /** Bundles that the CA has signed, rubbish, and messages that are too large or have no proper headers. */
    private static LongFunction<List<byte[]>> messages(String bundle) {
        byte[] large = "x".repeat(LARGE).getBytes(UTF_8);
        List<byte[]> small =
                new ArrayList<>(Collections.nCopies(BUNDLES, NatsFlood.message(NAMES.trust(), bundle.getBytes(UTF_8))));
        small.addAll(Collections.nCopies(
                BUNDLES, NatsFlood.message(NAMES.trust(), "{\"roster\":\"AAAA\",\"signatures\":{}}".getBytes(UTF_8))));
        small.add(NatsFlood.message(NAMES.facts(FLOODER), "no headers\r\n\r\n", "fact".getBytes(UTF_8)));
        List<byte[]> all = new ArrayList<>(small);
        all.add(NatsFlood.message(
                NAMES.trust(), "x".repeat(SignedTrustBundle.LENGTH_MAX).getBytes(UTF_8)));
        all.add(NatsFlood.message(NAMES.trust(), large));
        all.add(NatsFlood.message(NAMES.facts(FLOODER), large));
        return round -> round % ROUNDS_BETWEEN_LARGE == 0 ? all : small;
    }

    private static SignedTrustBundle bundle(WireHost host) {
        return new ClusterFolder(host.clusterFolder()).requireTrustBundle();
    }

    private static void awaitRounds(NatsFlood flood) {
        long before = flood.rounds();
        eventually(() -> assertThat(flood.rounds()).isGreaterThan(before + ROUNDS));
    }

    /** Waits until each of these hosts has received all entries of the other. */
    private static void awaitTold(List<WireHost> hosts) {
        eventually(() -> new ReplicationCheck(hosts.get(0), hosts.get(1)).check());
        eventually(() -> new ReplicationCheck(hosts.get(1), hosts.get(0)).check());
    }
}
