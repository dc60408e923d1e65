// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.act;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.opdbus.verticles.kernel.Poller;
import org.opdbus.verticles.kernel.WatchThread;
import org.opdbus.verticles.kernel.netlink.LinkChanges;
import org.opdbus.verticles.kernel.netlink.NetlinkException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread that hears of changes of links in the namespaces of all labs. Any thread may call. */
public final class LinkEars implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LinkEars.class);
    private static final long LOOK_MS = 60_000;
    private static final long END_S = 5;

    private final WatchThread thread = new WatchThread("op-dbus-lab-links", this::watch, this::wake);
    /** What is to be heard; the thread brings its poller in step with it. */
    private final Map<LinkChanges, Runnable> wanted = new HashMap<>();

    private final Map<LinkChanges, CountDownLatch> leaving = new HashMap<>();
    private @Nullable Poller poller;

    /** Creates it and begins to hear. */
    public LinkEars() {
        if (!thread.start().blockingAwait(END_S, TimeUnit.SECONDS)) {
            LOG.warn("lab.links problem=\"the thread did not begin in time\"");
        }
    }

    /** From now on runs the action after each change that is heard. The links are to be listed afterwards. */
    synchronized void add(LinkChanges changes, Runnable changed) {
        wanted.put(changes, changed);
        wake();
    }

    /** Hears no more, and closes it; returns when it is closed. */
    void remove(LinkChanges changes) {
        CountDownLatch closed = new CountDownLatch(1);
        synchronized (this) {
            wanted.remove(changes);
            if (poller == null) {
                changes.close();
                return;
            }
            leaving.put(changes, closed);
            wake();
        }
        try {
            if (!closed.await(END_S, TimeUnit.SECONDS)) {
                LOG.warn("lab.links problem=\"a listener was not closed in time\"");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void wake() {
        if (poller != null) {
            poller.wake();
        }
    }

    private void watch() {
        try (Poller open = new Poller()) {
            synchronized (this) {
                poller = open;
            }
            thread.arm();
            Map<LinkChanges, Runnable> watched = new HashMap<>();
            while (!thread.isStopping()) {
                inStep(open, watched);
                open.await(LOOK_MS);
            }
            inStep(open, watched);
        } catch (IOException e) {
            LOG.warn("lab.links problem=\"{}\" note=\"the agent listens again in a moment\"", e.getMessage());
        } finally {
            synchronized (this) {
                poller = null;
                leaving.forEach((changes, closed) -> {
                    changes.close();
                    closed.countDown();
                });
                leaving.clear();
            }
        }
    }

    private synchronized void inStep(Poller open, Map<LinkChanges, Runnable> watched) throws IOException {
        for (Map.Entry<LinkChanges, CountDownLatch> left : leaving.entrySet()) {
            if (watched.remove(left.getKey()) != null) {
                open.forget(left.getKey().fd());
            }
            left.getKey().close();
            left.getValue().countDown();
        }
        leaving.clear();
        for (Map.Entry<LinkChanges, Runnable> each : wanted.entrySet()) {
            if (watched.putIfAbsent(each.getKey(), each.getValue()) == null) {
                open.watch(each.getKey().fd(), () -> heard(each.getKey(), each.getValue()));
                // What was heard before is listed.
                each.getValue().run();
            }
        }
    }

    private static void heard(LinkChanges changes, Runnable changed) {
        try {
            if (changes.read().isEmpty()) {
                return;
            }
        } catch (NetlinkException e) {
            // Messages were lost, which the listing that follows makes good.
            LOG.debug("lab.links lost=\"{}\"", e.getMessage());
        }
        changed.run();
    }

    /** Ends the thread. */
    @Override
    public void close() {
        if (!thread.stop().blockingAwait(END_S, TimeUnit.SECONDS)) {
            LOG.warn("lab.links problem=\"the thread did not end in time\"");
        }
    }
}
