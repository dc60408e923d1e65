// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import org.opdbus.config.ClusterConfig;
import org.opdbus.config.ListenAddress;

/**
 * How a host takes part.
 *
 * @param host its name, which must be the one in its certificate
 * @param listen the address for the other members
 * @param bus the address where its event bus receives messages
 * @param door the address where it admits other hosts, if it holds the CA
 * @param members the addresses of other members, in addition to those in the trust bundle
 * @param membersFile a file with more of them, one per line
 * @param dir the folder of its key and certificate
 */
public record MembershipOptions(
        String host,
        ListenAddress listen,
        ListenAddress bus,
        ListenAddress door,
        List<ListenAddress> members,
        Path membersFile,
        Path dir) {
    public MembershipOptions {
        members = List.copyOf(members);
    }

    /** Returns the options in the configuration. */
    public static MembershipOptions of(String host, ClusterConfig config) {
        return new MembershipOptions(
                host,
                config.listen(),
                config.bus(),
                config.door(),
                config.members(),
                config.membersFile(),
                config.dir());
    }

    /** Returns an address to use now, with its name resolved now. */
    static InetSocketAddress socket(ListenAddress address) {
        return new InetSocketAddress(address.host(), address.port());
    }
}
