// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.opdbus.events.LinkName;
import org.opdbus.verticles.kernel.netlink.LinkFeed;
import org.opdbus.verticles.kernel.netlink.LinkMessage;
import org.opdbus.verticles.kernel.netlink.RtNetlink;

/**
 * The least that an attached link takes: one thread reads the kernel's message about it, names it by one request on an open
 * socket, and adds its port by one transaction on an open connection. It checks nothing and records nothing.
 */
final class LeastDeed implements AutoCloseable {
    private static final Duration WAIT_MAX = Duration.ofMinutes(1);

    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private final RtNetlink kernel = RtNetlink.open();
    private final LinkFeed feed = LinkFeed.open(LinkFeed.RECEIVE_BUFFER_BYTES);
    private final RawSwitch raw;
    private Optional<CompletableFuture<Void>> deed = Optional.empty();

    LeastDeed(RawSwitch raw) {
        this.raw = raw;
    }

    /** From now on waits for a link of this name, which will be made into a port under another name. */
    void expect(String from, LinkName to) {
        // What other measurements have left unread would have to be read first.
        feed.discard();
        deed = Optional.of(CompletableFuture.runAsync(() -> attach(from, to), thread));
    }

    /** Returns when the database has accepted the port. */
    void await() {
        deed.orElseThrow().orTimeout(WAIT_MAX.toSeconds(), TimeUnit.SECONDS).join();
    }

    private void attach(String from, LinkName to) {
        kernel.rename(indexOf(from), to);
        raw.addPort(from, to.value());
    }

    private int indexOf(String name) {
        while (!Thread.currentThread().isInterrupted()) {
            for (LinkMessage message : feed.next(WAIT_MAX)) {
                if (message instanceof LinkMessage.Present present
                        && present.link().name().value().equals(name)) {
                    return present.link().index();
                }
            }
        }
        throw new AssertionError("the kernel did not tell of " + name);
    }

    @Override
    public void close() {
        thread.shutdownNow();
        feed.wake();
        feed.close();
        kernel.close();
    }
}
