// SPDX-License-Identifier: Apache-2.0
package org.opdbus.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.opdbus.config.json.JsonValues;
import org.opdbus.config.json.Limit;

/**
 * How this host takes part in a cluster. All three addresses speak mutual TLS; no key changes that.
 *
 * @param enabled whether this host joins the cluster
 * @param listen the address where the members find each other; they tell each other this address, so other hosts must
 * be able to reach it
 * @param bus the address where the event bus of this host receives messages of the others
 * @param door the address where a host that holds the cluster's CA admits others
 * @param members the addresses of other members, in addition to those that joined through the door
 * @param membersFile a file with more of them, one per line; it need not exist
 * @param dir the folder of this host's key and certificate, and of the CA on the host that holds it
 * @param claims whether to report a container with one id that runs on two hosts at once
 * @param engine what carries messages between the hosts
 * @param nats how to reach NATS, if that is the engine
 */
public record ClusterConfig(
        boolean enabled,
        ListenAddress listen,
        ListenAddress bus,
        ListenAddress door,
        List<ListenAddress> members,
        Path membersFile,
        Path dir,
        boolean claims,
        Engine engine,
        NatsConfig nats) {
    static final int LISTEN_PORT = 7800;
    static final int BUS_PORT = 7801;
    static final int DOOR_PORT = 7802;

    static final Limit<Path> MEMBERS_FILE = Limit.absolutePath();
    static final Limit<Path> DIR = Limit.absolutePath();

    /** What carries messages between the hosts. */
    public enum Engine {
        /** The members themselves, at {@code listen} and {@code bus}. */
        EMBEDDED,
        /** A NATS system with JetStream; this host opens neither of the two addresses. */
        NATS
    }

    public ClusterConfig {
        members = List.copyOf(members);
        MEMBERS_FILE.check("membersFile", membersFile);
        DIR.check("dir", dir);
        address(listen.toString());
        address(bus.toString());
        address(door.toString());
    }

    public static ClusterConfig defaults() {
        return new ClusterConfig(
                false,
                new ListenAddress("127.0.0.1", LISTEN_PORT),
                new ListenAddress("127.0.0.1", BUS_PORT),
                new ListenAddress("127.0.0.1", DOOR_PORT),
                List.of(),
                Path.of("/etc/op-dbus/cluster.members"),
                dirBeside(LedgerConfig.defaults().dir()),
                true,
                Engine.EMBEDDED,
                NatsConfig.defaults());
    }

    /** Returns the default folder, beside the ledger. */
    static Path dirBeside(Path ledger) {
        return ledger.resolve("..").resolve("cluster").normalize();
    }

    /**
     * Parses an address that other hosts are told: one of this host's own, with a port that does not change.
     *
     * @throws IllegalArgumentException if other hosts cannot use it
     */
    public static ListenAddress address(String text) {
        ListenAddress address = ListenAddress.parse(text);
        if (address.port() == 0) {
            throw new IllegalArgumentException(
                    "must have a port of 1 to 65535, because other hosts are told it, is " + JsonValues.shown(text));
        }
        if (address.host().equals("0.0.0.0") || address.host().matches("[0:]+")) {
            throw new IllegalArgumentException(
                    "must be an address by which other hosts reach this one, because they are "
                            + "told it, is "
                            + JsonValues.shown(text));
        }
        return address;
    }

    /**
     * Returns a member that this host can never reach, if there is one: it is on another host, and this host listens
     * to itself only.
     */
    static Optional<ListenAddress> outOfReach(boolean enabled, ListenAddress listen, List<ListenAddress> members) {
        return enabled && listen.isLoopback()
                ? members.stream().filter(member -> !member.isLoopback()).findFirst()
                : Optional.empty();
    }
}
