// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.opdbus.verticles.testing.Attacker;
import org.opdbus.verticles.testing.RandomBytes;
import org.opdbus.verticles.testing.SlowReaders;
import org.opdbus.verticles.testing.SwappedFiles;

/**
 * Everything that local users, members of the agent's group and containers can do to an agent, all at once, until it
 * is closed. A connection that the agent closes is opened again.
 */
final class Attack implements AutoCloseable {
    private static final String HOST = " HTTP/1.1\r\nHost: localhost\r\n";
    private static final int PIPELINES = 60;
    private static final int IDLE = 1_000;
    private static final int MESSAGES = 13;
    /** 255 KiB, three bytes each. */
    private static final int TOKENS = 87_000;

    private static final int SLOW = 64;
    private static final int UNREAD = 8;
    private static final int SELECTS = 64;
    private static final String SCHEMA = "{\"id\":1,\"method\":\"get_schema\",\"params\":[\"OpNonNet\"]}";

    private final List<Flood> floods = new ArrayList<>();
    private final List<Attacker> attackers = new ArrayList<>();
    private final Restarts restarts;

    /**
     * Begins.
     *
     * @param token the token of the agent's HTTP server; half of the callers send it, half do not
     * @param guests containers whose root users are hostile
     */
    Attack(TestHost scene, String token, List<String> guests, long seed) throws IOException {
        SocketAddress http = Flood.http();
        SocketAddress nonnet = Flood.unix(scene.agent.folder().resolve("run/nonnet.db.sock"));
        SocketAddress control = Flood.unix(scene.agent.controlSocket());
        if (isWanted("http")) {
            floodHttp(token);
        }
        if (isWanted("nonnet")) {
            floodNonNet(nonnet);
        }
        if (isWanted("control")) {
            floods.add(Flood.once(
                    control, MESSAGES, "{\"id\":1,\"method\":\"query\",\"params\":[" + "{},".repeat(TOKENS)));
        }
        if (isWanted("bytes")) {
            attackers.add(new RandomBytes(List.of(http, nonnet, control), seed));
        }
        if (isWanted("guests")) {
            for (String guest : guests) {
                attackers.add(swap(scene.lxc.rootfs(guest)));
            }
        }
        attackers.forEach(Attacker::begin);
        // The agent reads a container's files when the container starts.
        restarts = new Restarts(scene.lxc, guests);
    }

    /**
     * {@code -Dattacks=} selects some of them; {@code deploy/soak-attack.sh} uses all: http, nonnet, control, bytes,
     * guests.
     */
    private static boolean isWanted(String attack) {
        return List.of(System.getProperty("attacks", "http,bytes,guests").split(",", -1))
                .contains(attack);
    }

    private void floodHttp(String token) {
        SocketAddress http = Flood.http();
        String authorized = HOST + "Authorization: Bearer " + token + "\r\n\r\n";
        floods.add(Flood.of(http, PIPELINES, "GET /healthz" + authorized + "GET /metrics" + authorized));
        floods.add(Flood.of(http, PIPELINES, "GET /metrics" + HOST + "\r\n"));
        floods.add(Flood.once(http, IDLE, "GET /heal"));
    }

    private void floodNonNet(SocketAddress nonnet) {
        floods.add(
                Flood.once(nonnet, MESSAGES, "{\"id\":1,\"method\":\"transact\",\"params\":[" + "{},".repeat(TOKENS)));
        floods.add(Flood.of(nonnet, UNREAD, selects()));
        attackers.add(new SlowReaders(nonnet, SLOW, SCHEMA));
    }

    private static SwappedFiles swap(Path root) throws IOException {
        Path folder = root.resolve("etc/netclient");
        return new SwappedFiles(
                root.resolve("stock"),
                List.of(
                        folder.resolve("nodes.json"),
                        folder.resolve("servers.json"),
                        folder.resolve("netclient.json")));
    }

    private static String selects() {
        String select = "{\"op\":\"select\",\"table\":\"port\",\"where\":[]}";
        return "{\"id\":1,\"method\":\"transact\",\"params\":[\"OpNonNet\"" + ("," + select).repeat(SELECTS) + "]}\n";
    }

    /** Returns what was done, in words. */
    List<String> told() {
        List<String> told = new ArrayList<>();
        long sent = 0;
        long opened = 0;
        for (Flood each : floods) {
            sent += each.sent();
            opened += each.opened();
        }
        told.add("floods: " + opened + " connections, " + sent / 1_000_000 + " MB taken");
        attackers.forEach(attacker -> told.add(attacker.told()));
        told.add("hostile containers: " + restarts.count() + " restarts");
        return told;
    }

    /** Ends it; fails if a hostile container could not be started or stopped. */
    @Override
    public void close() {
        try {
            restarts.close();
        } finally {
            floods.forEach(Flood::close);
            attackers.forEach(Attacker::close);
        }
    }
}
