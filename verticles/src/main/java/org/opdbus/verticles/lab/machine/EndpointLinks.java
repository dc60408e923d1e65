// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.machine;

import java.nio.file.Files;
import org.opdbus.events.Link;
import org.opdbus.events.LinkName;
import org.opdbus.verticles.kernel.netlink.Ethtool;
import org.opdbus.verticles.kernel.netlink.NetworkNamespace;
import org.opdbus.verticles.kernel.netlink.RtNetlink;
import org.opdbus.verticles.lab.definition.LabItem;
import org.opdbus.verticles.lab.definition.LabRefusal;
import org.opdbus.verticles.lab.process.LabFolders;

/**
 * The links of endpoints in the namespace of a lab. Every method waits for the kernel.
 *
 * @param finishChecksums whether the links must finish the checksums of what they send: the switch in user space does not
 */
record EndpointLinks(LabFolders folders, boolean finishChecksums) {
    boolean hasNamespace(String lab) {
        return Files.exists(folders.namespace(lab));
    }

    /** Opens the namespace of a lab. */
    RtNetlink open(String lab) {
        try (NetworkNamespace namespace = NetworkNamespace.at(folders.namespace(lab))) {
            return RtNetlink.open(namespace);
        }
    }

    /** Sets the links of an item up. */
    void raise(RtNetlink inside, LabItem item) {
        item.endpoints().forEach(endpoint -> {
            LinkName name = new LinkName(item.portOf(endpoint));
            Link link = inside.link(name.value())
                    .orElseThrow(() -> new LabRefusal(
                            "the link " + name + " of " + item.name() + " is missing",
                            "remove the item, and add it again"));
            if (finishChecksums) {
                Ethtool.disableTransmitChecksum(inside, name);
            }
            inside.setUp(link.index(), true);
        });
    }
}
