// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lxc;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.opdbus.events.AnswerEvent.NamespaceResolved;
import org.opdbus.events.ContainerEvent.ContainerStarted;
import org.opdbus.events.ContainerEvent.ContainerStopped;
import org.opdbus.events.ContainerId;
import org.opdbus.events.Link;

/**
 * The links that lead into network namespaces of no known container. Such a link is the last sign of a container that leaves
 * no trace in the file system; but most of them belong to other programs.
 *
 * <p>The cost of a link does not depend on anything else on the host. For one thread.
 */
final class UnexplainedLinks {
    /** The number of namespaces that are remembered; if there are more, one of them is taken for unexplained. */
    private static final int NAMESPACES_MAX = 1_024;

    private final Map<ContainerId, Long> inits = new HashMap<>();
    private final Map<ContainerId, Integer> namespaces = new HashMap<>();
    /** How many running containers are in each namespace. */
    private final Map<Integer, Integer> known = new HashMap<>();

    private final Set<Integer> unexplained = new HashSet<>();

    void started(ContainerStarted event) {
        leave(event.container().id());
        inits.put(event.container().id(), event.initPid());
    }

    /** The kernel has said in which namespace a container is. */
    void resolved(NamespaceResolved event) {
        Long init = inits.get(event.container());
        // The answer may come after the container's end, when its namespace's id can get another holder.
        if (init != null && init == event.initPid() && event.namespace() != Link.NO_NAMESPACE) {
            leave(event.container());
            namespaces.put(event.container(), event.namespace());
            known.merge(event.namespace(), 1, Integer::sum);
        }
    }

    void stopped(ContainerStopped event) {
        inits.remove(event.container().id());
        leave(event.container().id());
    }

    /**
     * A link was made, moved or changed.
     *
     * @param before the link as it was; empty if it is new
     * @return whether it is the first unexplained one since {@link #take()}
     */
    boolean seen(Optional<Link> before, Link link) {
        boolean leadsThereAnew = link.isVethIntoNamespace()
                && before.filter(old -> old.isVethIntoNamespace() && old.peerNamespace() == link.peerNamespace())
                        .isEmpty();
        return leadsThereAnew
                && !known.containsKey(link.peerNamespace())
                && unexplained.size() < NAMESPACES_MAX
                && unexplained.add(link.peerNamespace())
                && unexplained.size() == 1;
    }

    /** Returns whether there is a link that is still unexplained, and forgets them. */
    boolean take() {
        boolean any = unexplained.size() == NAMESPACES_MAX || !known.keySet().containsAll(unexplained);
        unexplained.clear();
        return any;
    }

    private void leave(ContainerId id) {
        Integer left = namespaces.remove(id);
        if (left != null) {
            known.computeIfPresent(left, (namespace, count) -> count == 1 ? null : count - 1);
        }
    }
}
