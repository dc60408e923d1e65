// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.edges;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Single;
import java.util.Optional;
import org.opdbus.events.EnrollmentEvent.NamingMode;
import org.opdbus.events.Link;
import org.opdbus.events.LinkName;
import org.opdbus.events.StaticAddress;
import org.opdbus.verticles.bus.StepException;

/**
 * The operations on links that handlers need from the kernel. They never block the caller. Results may come on any thread;
 * a failure is a {@link StepException}.
 */
public interface LinkWork {
    /** Returns the id of this process's namespace, or {@link Link#NO_NAMESPACE} if the kernel has given it none. */
    Single<Integer> namespaceOf(long initPid);

    /** Gives the link this name and reads the link again. */
    Single<Named> name(Link link, LinkName to, NamingMode mode);

    /** Asks the kernel again for the link with this index in the agent's namespace. */
    Single<Optional<Link>> find(int index);

    /** Asks the kernel again for the link with this name, its own or an alternative one, in the agent's namespace. */
    Single<Optional<Link>> find(LinkName name);

    /**
     * Reads both ends of a link.
     *
     * @param initPid the container's init; this refuses to work unless the link really leads into the namespace of init
     */
    Single<Ends> look(Link link, long initPid);

    /**
     * Makes a veth pair with one end in the namespace of a process, both ends up, and sets the address there. Refuses to work
     * in the agent's own namespace. If it was made before, its container's end is only given what it lacks.
     *
     * @param initPid the container's init
     */
    Single<Made> make(NewLink link, long initPid);

    /** Sets the link up, if it is down, and returns its present state. */
    Single<Link> raise(Link link);

    /** Sets the container's end of a link up. Refuses to work unless the link really leads into the namespace of init. */
    Completable raiseInner(Link link, long initPid);

    /**
     * Switches checksum offload off inside the container, so that the container finishes its checksums. Refuses to work
     * unless the link really leads into the namespace of init.
     *
     * @return whether checksum offload was on before
     */
    Single<Boolean> finishChecksums(Link link, Link.Inner inner, long initPid);

    /**
     * Sets the address inside the container in place of the present ones, and the default route.
     *
     * @return whether the address was different before
     */
    Single<Boolean> assign(Link link, Link.Inner inner, long initPid, StaticAddress address);

    /** Removes the address inside the container, if it is set there; other addresses stay. */
    Completable unassign(Link link, Link.Inner inner, long initPid, StaticAddress address);

    /**
     * The result of {@link #name}.
     *
     * @param link the present state of the link
     * @param changed whether the link did not have the name before
     */
    record Named(Link link, boolean changed) {}

    /**
     * The result of {@link #look}.
     *
     * @param outer the host's end
     * @param inner the container's end, whose checksums count as not finished
     * @param innerUp whether the container's end is up
     */
    record Ends(Link outer, Link.Inner inner, boolean innerUp) {}

    /**
     * The result of {@link #make}.
     *
     * @param now whether it was made now
     * @param outer the host's end
     * @param inner the container's end
     * @param wasOffloading whether checksum offload was on in the container and was to be switched off
     * @param namespace the id of the container's namespace
     */
    record Made(boolean now, Link outer, Link.Inner inner, boolean wasOffloading, int namespace) {}
}
