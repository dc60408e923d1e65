// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.netlink;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.kernel.netlink.LinkFeed;
import org.opdbus.verticles.kernel.netlink.LinkMessage;
import org.opdbus.verticles.kernel.netlink.NetlinkException;
import org.opdbus.verticles.kernel.netlink.RtNetlink;
import org.opdbus.verticles.limits.Backoff;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that listens to the kernel. It makes the listings and reads the messages, so
 * everything that it passes on after a listing happened, or at least arrived, after the listing
 * began.
 */
final class LinkListener {
    private static final Logger LOG = LoggerFactory.getLogger(LinkListener.class);
    private static final Backoff RETRY = new Backoff(100, 10_000);

    private final Handover handover;
    private final Duration relistPeriod;
    private final int receiveBufferBytes;
    private final ReadingPace pace;
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final Thread thread = new Thread(this::listen, "op-dbus-netlink");
    private @Nullable LinkFeed feed;
    private int failures;

    LinkListener(Handover handover, Duration relistPeriod, int receiveBufferBytes, ReadingPace pace) {
        this.handover = handover;
        this.pace = pace;
        this.relistPeriod = relistPeriod;
        this.receiveBufferBytes = receiveBufferBytes;
        thread.setDaemon(true);
    }

    /**
     * Checks that this process can hear the kernel and change links, and begins.
     *
     * @throws NetlinkException if not, with the remedy
     */
    void start() {
        try (RtNetlink netlink = RtNetlink.open()) {
            netlink.requireRights();
        }
        openFeed();
        thread.start();
    }

    /** Ends the thread and waits until it has ended. */
    void stop() throws InterruptedException {
        stopping.countDown();
        readNow();
        thread.join();
    }

    /** Ends a pause: the links of a container that has just started may wait with the kernel. For any thread. */
    synchronized void readNow() {
        if (feed != null) {
            feed.wake();
        }
    }

    private synchronized LinkFeed openFeed() {
        if (feed == null) {
            feed = LinkFeed.open(receiveBufferBytes);
        }
        return feed;
    }

    private synchronized void closeFeed() {
        if (feed != null) {
            feed.close();
            feed = null;
        }
    }

    private boolean isStopping() {
        return stopping.getCount() == 0;
    }

    private void listen() {
        try {
            while (!isStopping()) {
                try (RtNetlink netlink = RtNetlink.open()) {
                    follow(openFeed(), netlink);
                } catch (NetlinkException e) {
                    pauseAfter(e.getMessage());
                } catch (RuntimeException e) {
                    LOG.error("netlink=failed reason=\"a mistake in the agent itself\"", e);
                    pauseAfter(e.toString());
                }
            }
        } catch (InterruptedException e) {
            LOG.error("netlink=stopped reason=\"the listening thread was interrupted\"");
        } finally {
            closeFeed();
        }
    }

    /**
     * A feed that failed is opened again, after a pause that grows and is random, so that hosts do
     * not retry together.
     */
    private void pauseAfter(String failure) throws InterruptedException {
        closeFeed();
        lost(failure);
        long delayMs = RETRY.delayMs(++failures);
        if (!stopping.await(delayMs, TimeUnit.MILLISECONDS)) {
            LOG.info("netlink=reopening after_ms={}", delayMs);
        }
    }

    private void follow(LinkFeed heard, RtNetlink netlink) {
        long nextListing = list(netlink);
        while (!isStopping()) {
            Duration left = Duration.ofNanos(nextListing - System.nanoTime());
            if (left.isNegative()) {
                nextListing = list(netlink);
            } else if (!handOver(heard, left)) {
                heard.discard();
                nextListing = list(netlink);
            }
        }
    }

    /** Passes on the next messages; returns false if some were lost. */
    private boolean handOver(LinkFeed heard, Duration limit) {
        try {
            List<LinkMessage> messages = heard.next(limit);
            if (messages.isEmpty() || handover.offer(new Delivery.Changes(messages))) {
                heard.pause(pace.after(messages, System.nanoTime()));
                return true;
            }
            lost("backlog");
        } catch (NetlinkException e) {
            if (e.reason() != NetlinkException.Reason.OVERRUN) {
                throw e;
            }
            lost("overrun");
        }
        return false;
    }

    private void lost(String reason) {
        LOG.debug("netlink=lost reason=\"{}\" remedy=\"listing anew\"", reason);
        handover.lost(new Delivery.Lost(reason));
    }

    /** Makes a listing; returns when the next one is due. */
    private long list(RtNetlink netlink) {
        handover.replaceBy(new Delivery.Listing(netlink.links()));
        failures = 0;
        return System.nanoTime() + relistPeriod.toNanos();
    }
}
