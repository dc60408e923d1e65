// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.netlink;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/**
 * The bounded way from the listening thread to the event loop.
 *
 * <p>When the event loop falls behind by more than the limit, everything that waits is dropped, and the listening thread
 * learns that it has to make a fresh listing. Safe for use by any thread.
 */
final class Handover {
    private final int messagesMax;
    private final Runnable wakeReceiver;
    private final Queue<Delivery> waiting = new ArrayDeque<>();
    private int messages;

    /**
     * An empty one.
     *
     * @param messagesMax how many messages may wait
     * @param wakeReceiver called when something waits and before nothing did
     */
    Handover(int messagesMax, Runnable wakeReceiver) {
        this.messagesMax = messagesMax;
        this.wakeReceiver = wakeReceiver;
    }

    /**
     * Hands over messages.
     *
     * @return false if too much waited already: all of it, and these messages, are dropped
     */
    synchronized boolean offer(Delivery.Changes changes) {
        if (messages + changes.messages().size() > messagesMax) {
            waiting.clear();
            messages = 0;
            return false;
        }
        messages += changes.messages().size();
        add(changes);
        return true;
    }

    /** Hands over a listing, in place of all that waits: it says more, and is newer. */
    synchronized void replaceBy(Delivery.Listing listing) {
        waiting.removeIf(delivery -> !(delivery instanceof Delivery.Lost));
        messages = 0;
        add(listing);
    }

    /** Says that messages were lost, once for each listing. */
    synchronized void lost(Delivery.Lost lost) {
        if (waiting.stream().noneMatch(Delivery.Lost.class::isInstance)) {
            add(lost);
        }
    }

    private void add(Delivery delivery) {
        waiting.add(delivery);
        if (waiting.size() == 1) {
            wakeReceiver.run();
        }
    }

    /** The next delivery, if one waits. */
    synchronized Optional<Delivery> poll() {
        Optional<Delivery> next = Optional.ofNullable(waiting.poll());
        if (next.isPresent() && next.get() instanceof Delivery.Changes changes) {
            messages -= changes.messages().size();
        }
        return next;
    }

    /** How many messages wait. */
    synchronized int length() {
        return messages;
    }

    /** Whether nothing waits. */
    synchronized boolean isEmpty() {
        return waiting.isEmpty();
    }
}
