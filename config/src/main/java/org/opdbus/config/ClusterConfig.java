// SPDX-License-Identifier: Apache-2.0
package org.opdbus.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.opdbus.config.json.JsonValues;
import org.opdbus.config.json.Limit;

/**
 * With whom this host takes part in a cluster. All three addresses speak mutual TLS; there is no key that would make them
 * speak anything else.
 *
 * @param enabled whether this host joins the cluster
 * @param listen where the members find each other; they tell each other this address, so others must reach it
 * @param bus where the event bus of this host takes messages of the others
 * @param door where a host that holds the cluster's CA lets others in
 * @param members where other members listen, beside those that joined by the door
 * @param membersFile the same, one a line; it need not exist
 * @param dir the folder of this host's key and certificate, and of the CA where it is held
 * @param claims whether a container of one id that runs on two hosts at once is told
 */
public record ClusterConfig(
        boolean enabled,
        ListenAddress listen,
        ListenAddress bus,
        ListenAddress door,
        List<ListenAddress> members,
        Path membersFile,
        Path dir,
        boolean claims) {
    static final int LISTEN_PORT = 7800;
    static final int BUS_PORT = 7801;
    static final int DOOR_PORT = 7802;

    static final Limit<Path> MEMBERS_FILE = Limit.absolutePath();
    static final Limit<Path> DIR = Limit.absolutePath();

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
                true);
    }

    /** The folder of a host for which none is named: beside its ledger. */
    static Path dirBeside(Path ledger) {
        return ledger.resolve("..").resolve("cluster").normalize();
    }

    /**
     * Reads an address that others are told: one of this host's own, with a port that is the same tomorrow.
     *
     * @throws IllegalArgumentException if it cannot be told to others
     */
    public static ListenAddress address(String text) {
        ListenAddress address = ListenAddress.parse(text);
        if (address.port() == 0) {
            throw new IllegalArgumentException(
                    "must have a port of 1 to 65535, because others are told it, is " + JsonValues.shown(text));
        }
        if (address.host().equals("0.0.0.0") || address.host().matches("[0:]+")) {
            throw new IllegalArgumentException(
                    "must be an address by which others reach this host, because they are told it, is "
                            + JsonValues.shown(text));
        }
        return address;
    }

    /** A member that can never be reached from here, if there is one: it is elsewhere and this host listens to itself only. */
    static Optional<ListenAddress> outOfReach(boolean enabled, ListenAddress listen, List<ListenAddress> members) {
        return enabled && listen.isLoopback()
                ? members.stream().filter(member -> !member.isLoopback()).findFirst()
                : Optional.empty();
    }
}
