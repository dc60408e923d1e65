// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.rename;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Single;
import java.util.Optional;
import org.opdbus.events.EnrollmentEvent.NamingMode;
import org.opdbus.events.Link;
import org.opdbus.events.LinkName;
import org.opdbus.verticles.edges.Edges;
import org.opdbus.verticles.edges.LinkWork;
import org.opdbus.verticles.edges.LinkWork.Ends;
import org.opdbus.verticles.edges.LinkWork.Made;
import org.opdbus.verticles.edges.LinkWork.Named;
import org.opdbus.verticles.edges.NewLink;

/**
 * What this package requests from the kernel and the database, as {@link LinkWork} and {@link
 * org.opdbus.verticles.edges.PortWork} describe it.
 */
public record RenameEdges(
        NamespaceLookup namespaces,
        LinkLookup links,
        LinkRenamer renamer,
        LinkMaker maker,
        LinkLook look,
        LinkRaiser raiser,
        InnerRaiser innerRaiser,
        ChecksumFinisher checksums,
        PortsHearing ports) {
    /** The part of these edges that this package uses. */
    public static RenameEdges of(Edges edges) {
        LinkWork links = edges.links();
        return new RenameEdges(
                links::namespaceOf,
                links::find,
                links::name,
                links::make,
                links::look,
                links::raise,
                links::raiseInner,
                links::finishChecksums,
                edges.ports()::caughtUp);
    }

    /** Returns the namespace id of a process. */
    @FunctionalInterface
    public interface NamespaceLookup {
        /** As {@link LinkWork#namespaceOf}. */
        Single<Integer> namespaceOf(long initPid);
    }

    /** Finds a link. */
    @FunctionalInterface
    public interface LinkLookup {
        /** As {@link LinkWork#find(int)}. */
        Single<Optional<Link>> find(int index);
    }

    /** Names a link. */
    @FunctionalInterface
    public interface LinkRenamer {
        /** As {@link LinkWork#name}. */
        Single<Named> name(Link link, LinkName to, NamingMode mode);
    }

    /** Makes a link. */
    @FunctionalInterface
    public interface LinkMaker {
        /** As {@link LinkWork#make}. */
        Single<Made> make(NewLink link, long initPid);
    }

    /** Reads both ends of a link. */
    @FunctionalInterface
    public interface LinkLook {
        /** As {@link LinkWork#look}. */
        Single<Ends> look(Link link, long initPid);
    }

    /** Sets a link up. */
    @FunctionalInterface
    public interface LinkRaiser {
        /** As {@link LinkWork#raise}. */
        Single<Link> raise(Link link);
    }

    /** Sets the container's end of a link up. */
    @FunctionalInterface
    public interface InnerRaiser {
        /** As {@link LinkWork#raiseInner}. */
        Completable raiseInner(Link link, long initPid);
    }

    /** Makes a container finish the checksums of a link. */
    @FunctionalInterface
    public interface ChecksumFinisher {
        /** As {@link LinkWork#finishChecksums}. */
        Single<Boolean> finishChecksums(Link link, Link.Inner inner, long initPid);
    }

    /** Waits until the database has reported everything up to now. */
    @FunctionalInterface
    public interface PortsHearing {
        /** As {@link org.opdbus.verticles.edges.PortWork#caughtUp}. */
        Completable caughtUp();
    }
}
