// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.opdbus.config.ListenAddress;
import org.opdbus.verticles.kernel.RegularFile;
import org.opdbus.verticles.membership.trust.TrustBundle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The addresses where members may listen: those in the configuration, in the file of members, and those that joined
 * through the door.
 */
final class Addresses {
    private static final Logger LOG = LoggerFactory.getLogger("op-dbus.cluster");
    private static final int FILE_BYTES_MAX = 1024 * 1024;

    private final MembershipOptions options;

    Addresses(MembershipOptions options) {
        this.options = options;
    }

    /**
     * Returns all of them except this host's own, with names resolved now; a name that cannot be resolved is left out
     * until the next time.
     */
    List<InetSocketAddress> known(TrustBundle bundle) {
        Set<String> all = new LinkedHashSet<>();
        options.members().forEach(member -> all.add(member.toString()));
        all.addAll(inFile());
        bundle.members().forEach(member -> all.add(member.address()));
        all.remove(options.listen().toString());
        List<InetSocketAddress> addresses = new ArrayList<>();
        for (String each : all) {
            try {
                InetSocketAddress address = MembershipOptions.socket(ListenAddress.parse(each));
                if (address.isUnresolved()) {
                    LOG.debug("cluster: cannot resolve the address of {}", each);
                } else {
                    addresses.add(address);
                }
            } catch (IllegalArgumentException e) {
                LOG.warn("cluster: {}: a member {}", options.membersFile(), e.getMessage());
            }
        }
        return addresses;
    }

    private List<String> inFile() {
        try {
            byte[] text = RegularFile.readIfExists(options.membersFile(), FILE_BYTES_MAX)
                    .orElse(new byte[0]);
            return new String(text, StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.replaceFirst("#.*", "").strip())
                    .filter(line -> !line.isEmpty())
                    .toList();
        } catch (IOException e) {
            LOG.warn("cluster: cannot read {}: {}", options.membersFile(), e.getMessage());
            return List.of();
        }
    }
}
