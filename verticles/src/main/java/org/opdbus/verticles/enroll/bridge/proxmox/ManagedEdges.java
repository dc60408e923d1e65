// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.bridge.proxmox;

import io.reactivex.rxjava3.core.Single;
import java.util.Optional;
import org.opdbus.events.Link;
import org.opdbus.verticles.edges.ConfigurationCheck;
import org.opdbus.verticles.edges.Edges;
import org.opdbus.verticles.edges.LinkWork;
import org.opdbus.verticles.edges.PortWork;

/**
 * What this package requests from Proxmox's configuration, the kernel and the database.
 *
 * @param configurations empty on a host without Proxmox, where no step of this package is planned
 */
public record ManagedEdges(Optional<ConfigurationCheck> configurations, LinkLookup links, PortWork ports) {
    /** The part of these edges that this package uses. */
    public static ManagedEdges of(Edges edges) {
        return new ManagedEdges(edges.configurations(), edges.links()::find, edges.ports());
    }

    /** Finds a link. */
    @FunctionalInterface
    public interface LinkLookup {
        /** As {@link LinkWork#find(int)}. */
        Single<Optional<Link>> find(int index);
    }
}
