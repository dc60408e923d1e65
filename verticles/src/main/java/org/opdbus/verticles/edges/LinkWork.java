// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.edges;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Single;
import java.util.Optional;
import org.opdbus.events.EnrollmentEvent.NamingMode;
import org.opdbus.events.InnerLink;
import org.opdbus.events.Link;
import org.opdbus.events.LinkName;
import org.opdbus.events.StaticAddress;
import org.opdbus.verticles.bus.StepException;

/**
 * What handlers need of the kernel. Never blocks the caller; results may come on any thread; a failure is a {@link
 * StepException}.
 */
public interface LinkWork {
    /** The id of the namespace of this process, or {@link Link#NO_NAMESPACE} if the kernel has given it none. */
    Single<Integer> namespaceOf(long initPid);

    /** Names the link and reads it again. */
    Single<Named> name(Link link, LinkName to, NamingMode mode);

    /** The link of this index in this namespace, if there is one, asked anew. */
    Single<Optional<Link>> find(int index);

    /** The link of this namespace that is found under this name, if there is one, asked anew. */
    Single<Optional<Link>> find(LinkName name);

    /**
     * Sets the host's end up, looks at the container's end and, if asked to, makes the container finish its checksums.
     *
     * @param initPid the container's init; the work is refused unless the link really leads into its namespace
     */
    Single<Prepared> prepare(Link link, long initPid, boolean finishChecksums);

    /**
     * Sets the address inside the container, replacing those that are set, and the default route.
     *
     * @return whether the address was another one before
     */
    Single<Boolean> assign(Link link, InnerLink inner, long initPid, StaticAddress address);

    /** Takes the address away inside the container, if it is set there; others stay. */
    Completable unassign(Link link, InnerLink inner, long initPid, StaticAddress address);

    /**
     * What {@link #name} did.
     *
     * @param link the link as it is now
     * @param changed whether the link did not have the name before
     */
    record Named(Link link, boolean changed) {}

    /**
     * What {@link #prepare} found.
     *
     * @param link the host's end as it is now
     * @param offloadDisabled whether checksum offload was on and is off now
     */
    record Prepared(Link link, InnerLink inner, boolean offloadDisabled) {}
}
