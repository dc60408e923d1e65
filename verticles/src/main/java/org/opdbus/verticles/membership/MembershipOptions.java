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
 * @param host its name, which its certificate has to bear
 * @param listen where it finds the members
 * @param bus where its event bus takes messages
 * @param door where it lets others in, if it holds the CA
 * @param members where others listen, beside those in the roster
 * @param membersFile the same, one a line
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

    /** Those of the configuration. */
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

    /** An address to be used now; a name in it is looked up now. */
    static InetSocketAddress socket(ListenAddress address) {
        return new InetSocketAddress(address.host(), address.port());
    }
}
