// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.netlink;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.Queue;

/**
 * The bounded queue from the listening thread to the event loop.
 *
 * <p>When the event loop falls behind by more than the limit, the queue drops everything that
 * waits, and the listening thread learns that it must make a fresh listing. Safe for use by any
 * thread.
 */
final class Handover {
    private final int messagesMax;
    private final Runnable wakeReceiver;
    private final Queue<Delivery> waiting = new ArrayDeque<>();
    private int messages;

    /**
     * Creates an empty queue.
     *
     * @param messagesMax how many messages may wait
     * @param wakeReceiver called when the first item enters the empty queue
     */
    Handover(int messagesMax, Runnable wakeReceiver) {
        this.messagesMax = messagesMax;
        this.wakeReceiver = wakeReceiver;
    }

    /**
     * Adds messages.
     *
     * @return false if too many waited already: the queue dropped all of them and these messages
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

    /**
     * Adds a listing and drops everything that waits, because the listing is newer and complete.
     */
    synchronized void replaceBy(Delivery.Listing listing) {
        waiting.removeIf(delivery -> !(delivery instanceof Delivery.Lost));
        messages = 0;
        add(listing);
    }

    /** Reports that messages were lost, once for each listing. */
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

    /** Returns the next delivery, if one waits. */
    synchronized Optional<Delivery> poll() {
        Optional<Delivery> next = Optional.ofNullable(waiting.poll());
        if (next.isPresent() && next.get() instanceof Delivery.Changes changes) {
            messages -= changes.messages().size();
        }
        return next;
    }

    /** Returns how many messages wait. */
    synchronized int length() {
        return messages;
    }

    /** Returns whether nothing waits. */
    synchronized boolean isEmpty() {
        return waiting.isEmpty();
    }
}
