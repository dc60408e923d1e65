// SPDX-License-Identifier: Apache-2.0
package org.opdbus.events;

import java.util.Optional;

/**
 * What an answer of the kernel or of the database taught the agent about a container. The handler that asked publishes it
 * before it answers its step, so that the picture of the host learns it as it learns everything else.
 *
 * <p>These facts matter inside the agent only. They are not {@linkplain #told() told}: neither the ledger, the log, the tails
 * nor other hosts hear them. A restart asks anew.
 */
public sealed interface AnswerEvent extends Event {
    /** The container that this is about. */
    ContainerId container();

    @Override
    default String subject() {
        return container().value();
    }

    @Override
    default boolean recorded() {
        return false;
    }

    @Override
    default boolean told() {
        return false;
    }

    /**
     * The kernel said which id the network namespace of a container's init has.
     *
     * @param namespace the id, or {@link Link#NO_NAMESPACE} if the kernel has given it none
     * @param question the number of the question that this answers; a later doubt has a higher number
     */
    record NamespaceResolved(ContainerId container, long initPid, int namespace, long question)
            implements AnswerEvent {}

    /**
     * The kernel named a link, and said how the link is now.
     *
     * @param asked the link as it was known when the question was asked
     * @param answer the link as it is now
     */
    record LinkAnswered(ContainerId container, Link asked, Link answer) implements AnswerEvent {}

    /**
     * Both ends of a link were looked at, and the host's end is up.
     *
     * @param initPid the init of the container that the link leads into
     * @param asked the host's end as it was known when the question was asked
     * @param answer the host's end as it is now
     * @param inner the container's end
     */
    record LinkPrepared(ContainerId container, long initPid, Link asked, Link answer, Link.Inner inner)
            implements AnswerEvent {}

    /**
     * A link was made for a container, and both of its ends are up. The kernel's own message about it may come later.
     *
     * @param link the host's end
     * @param inner the container's end
     * @param address the static address that the container's end got
     */
    record LinkMade(ContainerId container, long initPid, Link link, Link.Inner inner, Optional<StaticAddress> address)
            implements AnswerEvent {}

    /**
     * The container finishes the checksums of what it sends through a link.
     *
     * @param inner the container's end as it was known when the question was asked
     */
    record ChecksumsFinished(ContainerId container, long initPid, int link, Link.Inner inner) implements AnswerEvent {}

    /** Every port was heard of that was there after this link was seen to lead into the container. */
    record PortsHeard(ContainerId container, long initPid, int link) implements AnswerEvent {}

    /** The container's end of a link has this static address, whether or not the agent had to set it. */
    record AddressKept(ContainerId container, long initPid, int link, StaticAddress address) implements AnswerEvent {}

    /** The static address that was asked for earlier is gone from the container's end of a link. */
    record AddressCleared(ContainerId container, long initPid, int link) implements AnswerEvent {}

    /** An enrolment stands and the host is as the agent wants it: what was told of a drift counts no more. */
    record EnrollmentSettled(ContainerId container, String enrollment) implements AnswerEvent {}

    /** The time is over in which the agent left a link of this container's alone because another program may work on it. */
    record QuietEnded(ContainerId container, int link) implements AnswerEvent {}
}
