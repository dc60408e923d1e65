// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.netlink;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.opdbus.events.AnswerEvent.NamespaceResolved;
import org.opdbus.events.Link;
import org.opdbus.verticles.kernel.netlink.LinkMessage;
import org.opdbus.verticles.kernel.netlink.LinkMessage.Gone;
import org.opdbus.verticles.kernel.netlink.LinkMessage.NamespaceForgotten;
import org.opdbus.verticles.kernel.netlink.LinkMessage.Present;

/**
 * The ids of the namespaces that containers have. They only decide which messages are urgent: a namespace that is missing
 * here, because the kernel has just numbered it, delays a message by a pause of {@link ReadingPace} at most.
 *
 * <p>The event loop writes it, and the listening thread reads it.
 */
final class ContainerNamespaces {
    private final Set<Integer> ids = ConcurrentHashMap.newKeySet();

    /** The kernel has said in which namespace a container is. */
    void resolved(NamespaceResolved event) {
        if (event.namespace() != Link.NO_NAMESPACE) {
            ids.add(event.namespace());
        }
    }

    /** The id has no holder any more. */
    void heard(LinkMessage message) {
        if (message instanceof NamespaceForgotten forgotten) {
            ids.remove(forgotten.namespace());
        }
    }

    /** Returns whether the message is about a link that leads into a container. */
    boolean concernedBy(LinkMessage message) {
        if (message instanceof Present present) {
            return present.link().isVethIntoNamespace()
                    && ids.contains(present.link().peerNamespace());
        }
        return message instanceof Gone gone
                && gone.destination().filter(to -> ids.contains(to.namespace())).isPresent();
    }
}
