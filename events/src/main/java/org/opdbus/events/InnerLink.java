// SPDX-License-Identifier: Apache-2.0
package org.opdbus.events;

/**
 * The container's end of a link, as it was found in the container's namespace when the link was prepared.
 *
 * @param name its name there
 * @param mac its hardware address: the one that the bridge sees
 * @param checksumsFinished whether it hands over packets with finished checksums, so that a bridge of the userspace
 *     datapath can forward TCP and UDP
 */
public record InnerLink(LinkName name, String mac, boolean checksumsFinished) {
    /** Returns the same link, known to finish its checksums. */
    public InnerLink withChecksumsFinished() {
        return new InnerLink(name, mac, true);
    }
}
