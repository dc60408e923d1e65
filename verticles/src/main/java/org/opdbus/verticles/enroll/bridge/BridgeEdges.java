// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.bridge;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Single;
import java.util.Optional;
import org.opdbus.events.Link;
import org.opdbus.events.LinkName;
import org.opdbus.events.StaticAddress;
import org.opdbus.verticles.edges.ContainerCheck;
import org.opdbus.verticles.edges.Edges;
import org.opdbus.verticles.edges.LinkWork;
import org.opdbus.verticles.edges.PortWork;

/**
 * What this package requests from the kernel, the database and LXC, as {@link LinkWork}, {@link PortWork} and {@link
 * ContainerCheck} describe it. It cannot name or prepare a link.
 */
public record BridgeEdges(LinkLookup links, AddressWork addresses, PortWork ports, ContainerCheck containers) {
    /** The part of these edges that this package uses. */
    public static BridgeEdges of(Edges edges) {
        LinkWork links = edges.links();
        return new BridgeEdges(
                new LinkLookup(links::find, links::find),
                new AddressWork(links::assign, links::unassign),
                edges.ports(),
                edges.containers());
    }

    /** Finds links. */
    public record LinkLookup(ByIndex byIndex, ByName byName) {
        Single<Optional<Link>> find(int index) {
            return byIndex.find(index);
        }

        Single<Optional<Link>> find(LinkName name) {
            return byName.find(name);
        }
    }

    /** Sets and clears addresses inside containers. */
    public record AddressWork(Assigner assigner, Remover remover) {}

    /** Finds a link by its index. */
    @FunctionalInterface
    public interface ByIndex {
        /** As {@link LinkWork#find(int)}. */
        Single<Optional<Link>> find(int index);
    }

    /** Finds a link by a name. */
    @FunctionalInterface
    public interface ByName {
        /** As {@link LinkWork#find(LinkName)}. */
        Single<Optional<Link>> find(LinkName name);
    }

    /** Sets an address. */
    @FunctionalInterface
    public interface Assigner {
        /** As {@link LinkWork#assign}. */
        Single<Boolean> assign(Link link, Link.Inner inner, long initPid, StaticAddress address);
    }

    /** Clears an address. */
    @FunctionalInterface
    public interface Remover {
        /** As {@link LinkWork#unassign}. */
        Completable unassign(Link link, Link.Inner inner, long initPid, StaticAddress address);
    }
}
