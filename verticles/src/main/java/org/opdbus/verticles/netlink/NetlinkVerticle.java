// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.netlink;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.vertx.core.Context;
import io.vertx.rxjava3.core.AbstractVerticle;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.opdbus.events.Address;
import org.opdbus.events.AgentEvent.Source;
import org.opdbus.events.AgentEvent.SourceListed;
import org.opdbus.events.AgentEvent.SourceLost;
import org.opdbus.events.LinkEvent;
import org.opdbus.verticles.bus.Bus;
import org.opdbus.verticles.kernel.netlink.LinkFeed;
import org.opdbus.verticles.kernel.netlink.LinkMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Publishes what the kernel reports about links; the package documentation has the contract. */
public final class NetlinkVerticle extends AbstractVerticle {
    /** The interval between listings when nothing was lost. */
    public static final Duration RELIST_PERIOD = Duration.ofSeconds(60);

    private static final Logger LOG = LoggerFactory.getLogger(NetlinkVerticle.class);
    private static final int BACKLOG_MAX = 16_384;

    private final Bus bus;
    private final Duration relistPeriod;
    private final int receiveBufferBytes;
    private final LinkTable table = new LinkTable();
    private final ContainerNamespaces namespaces = new ContainerNamespaces();
    /** Visible to tests, which stop the listening thread by holding its monitor. */
    final Handover handover = new Handover(BACKLOG_MAX, this::wake);

    private final CompositeDisposable subscriptions = new CompositeDisposable();
    private @Nullable Context loop;
    private @Nullable LinkListener listener;
    private boolean listedBefore;
    private boolean lost;

    public NetlinkVerticle(Bus bus) {
        this(bus, RELIST_PERIOD, LinkFeed.RECEIVE_BUFFER_BYTES);
    }

    /**
     * Creates a verticle with other limits than the defaults.
     *
     * @param relistPeriod the interval between listings when nothing was lost
     * @param receiveBufferBytes how much the kernel may hold for a thread that is busy
     */
    public NetlinkVerticle(Bus bus, Duration relistPeriod, int receiveBufferBytes) {
        this.bus = bus;
        this.relistPeriod = relistPeriod;
        this.receiveBufferBytes = receiveBufferBytes;
    }

    /**
     * Begins to listen; fails if a privilege is missing, and names it. The first listing comes
     * afterwards, as events.
     */
    @Override
    public Completable rxStart() {
        LinkListener started =
                new LinkListener(handover, relistPeriod, receiveBufferBytes, new ReadingPace(namespaces::concernedBy));
        loop = context;
        listener = started;
        subscriptions.addAll(
                bus.subscribe(Address.NAMESPACE_RESOLVED, namespaces::resolved),
                bus.subscribe(Address.CONTAINER_STARTED, container -> started.readNow()));
        return vertx.rxExecuteBlocking(() -> {
                    started.start();
                    return true;
                })
                .ignoreElement();
    }

    @Override
    public Completable rxStop() {
        subscriptions.dispose();
        LinkListener started = listener;
        return started == null
                ? Completable.complete()
                : vertx.rxExecuteBlocking(() -> {
                            started.stop();
                            return true;
                        })
                        .ignoreElement();
    }

    /** Returns how many messages of the kernel wait for the event loop. Any thread may call it. */
    public int waiting() {
        return handover.length();
    }

    private void wake() {
        Context receiver = loop;
        if (receiver != null) {
            receiver.runOnContext(nothing -> receiveNext());
        }
    }

    /** Takes one delivery per turn, so that a burst never blocks the event loop's other work. */
    private void receiveNext() {
        handover.poll().ifPresent(this::receive);
        if (!handover.isEmpty()) {
            wake();
        }
    }

    private void receive(Delivery delivery) {
        if (delivery instanceof Delivery.Changes changes) {
            Gathering gathered = new Gathering();
            for (LinkMessage message : changes.messages()) {
                namespaces.heard(message);
                table.apply(message).forEach(gathered::add);
            }
            gathered.events().forEach(bus::publish);
        } else if (delivery instanceof Delivery.Listing listing) {
            List<LinkEvent> differences = table.reconcile(listing.links());
            differences.forEach(bus::publish);
            bus.publish(new SourceListed(Source.NETLINK, table.size()));
            logListing(differences.size());
        } else if (delivery instanceof Delivery.Lost gap) {
            lost = true;
            bus.publish(new SourceLost(Source.NETLINK, gap.reason()));
        }
    }

    private void logListing(int differences) {
        if (!listedBefore || lost) {
            LOG.info("netlink=listed links={} differences={}", table.size(), differences);
        } else if (differences > 0) {
            LOG.debug("netlink=relisted links={} differences={}", table.size(), differences);
        }
        listedBefore = true;
        lost = false;
    }
}
