// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.edges;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.schedulers.Schedulers;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadPoolExecutor;
import org.opdbus.events.EnrollmentEvent.NamingMode;
import org.opdbus.events.Link;
import org.opdbus.events.LinkName;
import org.opdbus.events.StaticAddress;
import org.opdbus.verticles.bus.StepException;
import org.opdbus.verticles.bus.StepException.Reason;
import org.opdbus.verticles.kernel.netlink.Ethtool;
import org.opdbus.verticles.kernel.netlink.LinkAddress;
import org.opdbus.verticles.kernel.netlink.NetlinkException;
import org.opdbus.verticles.kernel.netlink.NetworkNamespace;
import org.opdbus.verticles.kernel.netlink.RtNetlink;
import org.opdbus.verticles.limits.IdleThreads;

/**
 * Changes links through rtnetlink(7), on one thread of its own, and makes links on a few others. The kernel's configuration lock admits
 * one change at a time, in the order in which they were asked for. When many containers start, their engine asks for it all the time:
 * links that were made one after the other would each wait behind all that the engine wants meanwhile.
 */
public final class KernelLinks implements LinkWork, AutoCloseable {
    private static final int MAKERS_MAX = 8;

    private final RtNetlink kernel;
    private final ExecutorService thread;
    private final Scheduler scheduler;
    private final ThreadPoolExecutor makerThreads;
    private final Scheduler makers;

    private KernelLinks(RtNetlink kernel) {
        this.kernel = kernel;
        thread = Executors.newSingleThreadExecutor(work -> named("op-dbus-links", work));
        scheduler = Schedulers.from(thread);
        makerThreads = IdleThreads.of("op-dbus-maker", MAKERS_MAX);
        makers = Schedulers.from(makerThreads);
    }

    private static Thread named(String name, Runnable work) {
        Thread made = new Thread(work, name);
        made.setDaemon(true);
        return made;
    }

    /**
     * Opens the socket.
     *
     * @throws NetlinkException NOT_PERMITTED if links may not be changed, saying which capability is missing
     */
    public static KernelLinks open() {
        RtNetlink kernel = RtNetlink.open();
        try {
            kernel.requireRights();
        } catch (NetlinkException e) {
            kernel.close();
            throw e;
        }
        return new KernelLinks(kernel);
    }

    @Override
    public Single<Integer> namespaceOf(long initPid) {
        return on(() -> kernel.namespaceIdOfPid(initPid));
    }

    @Override
    public Single<Optional<Link>> find(int index) {
        return on(() -> kernel.link(index));
    }

    @Override
    public Single<Optional<Link>> find(LinkName name) {
        return on(() -> kernel.link(name.value()));
    }

    @Override
    public Single<Named> name(Link link, LinkName to, NamingMode mode) {
        return on(() -> {
            Link before = kernel.link(link.index()).orElseThrow(() -> gone(link));
            boolean has = mode == NamingMode.RENAME ? before.name().equals(to) : before.answersTo(to.value());
            if (has) {
                return new Named(before, false);
            }
            switch (mode) {
                case RENAME -> kernel.rename(link.index(), to);
                case ALTNAME -> kernel.addAltName(link.index(), to.value());
            }
            return new Named(mode == NamingMode.RENAME ? before.withName(to) : before.withAltName(to.value()), true);
        });
    }

    @Override
    public Single<Ends> look(Link link, long initPid) {
        return on(() -> {
            requireLeadsTo(link, kernel.namespaceIdOfPid(initPid));
            // Without entering the namespace, which takes a socket of its own.
            Link inner = kernel.linkIn(link.peerNamespace(), link.peerIndex()).orElseThrow(() -> gone(link));
            Link outer = kernel.link(link.index()).orElseThrow(() -> gone(link));
            return new Ends(outer, new Link.Inner(inner.name(), inner.mac().orElse(""), false), inner.up());
        });
    }

    @Override
    public Single<Made> make(NewLink link, long initPid) {
        return on(makers, () -> LinkMaking.make(link, initPid));
    }

    @Override
    public Single<Link> raise(Link link) {
        return on(() -> {
            if (link.up()) {
                return link;
            }
            kernel.setUp(link.index(), true);
            return link.withUp();
        });
    }

    @Override
    public Completable raiseInner(Link link, long initPid) {
        return on(() -> inside(link, initPid, inside -> {
                    inside.setUp(link.peerIndex(), true);
                    return true;
                }))
                .ignoreElement();
    }

    @Override
    public Single<Boolean> finishChecksums(Link link, Link.Inner inner, long initPid) {
        return on(() -> inside(link, initPid, inside -> {
            boolean wasOn = Ethtool.transmitChecksum(inside, inner.name());
            if (wasOn) {
                Ethtool.disableTransmitChecksum(inside, inner.name());
            }
            return wasOn;
        }));
    }

    @Override
    public Single<Boolean> assign(Link link, Link.Inner inner, long initPid, StaticAddress address) {
        return on(() -> inside(link, initPid, inside -> {
            List<LinkAddress> before = inside.addresses(link.peerIndex());
            for (LinkAddress old : before) {
                if (!is(old, address)) {
                    inside.removeAddress(link.peerIndex(), old.address(), old.prefix());
                }
            }
            inside.setUp(link.peerIndex(), true);
            inside.replaceAddress(link.peerIndex(), address.address(), address.prefix());
            address.gateway().ifPresent(gateway -> inside.replaceDefaultRoute(link.peerIndex(), gateway));
            return before.size() != 1 || !is(before.get(0), address);
        }));
    }

    @Override
    public Completable unassign(Link link, Link.Inner inner, long initPid, StaticAddress address) {
        return on(() -> inside(link, initPid, inside -> {
                    for (LinkAddress found : inside.addresses(link.peerIndex())) {
                        if (is(found, address)) {
                            inside.removeAddress(link.peerIndex(), found.address(), found.prefix());
                        }
                    }
                    return true;
                }))
                .ignoreElement();
    }

    private static boolean is(LinkAddress found, StaticAddress address) {
        return found.address().equals(address.address()) && found.prefix() == address.prefix();
    }

    /** An action that runs in the namespace of a container. */
    private interface InnerWork<T> {
        T run(RtNetlink inside);
    }

    /**
     * Runs the work in the namespace of a process, but only if the link leads there. The kernel may have reused the process
     * id for another container, whose links the agent must not change.
     */
    private <T> T inside(Link link, long initPid, InnerWork<T> work) {
        try (NetworkNamespace namespace = NetworkNamespace.ofProcess(initPid)) {
            requireLeadsTo(link, kernel.namespaceIdOf(namespace));
            try (RtNetlink inside = RtNetlink.open(namespace)) {
                return work.run(inside);
            }
        }
    }

    private static void requireLeadsTo(Link link, int namespace) {
        if (namespace != link.peerNamespace()) {
            throw gone(link);
        }
    }

    private static StepException gone(Link link) {
        return new StepException(Reason.STALE, "link " + link.name() + " (" + link.index() + ") has gone");
    }

    private <T> Single<T> on(Callable<T> work) {
        return on(scheduler, work);
    }

    private static <T> Single<T> on(Scheduler scheduler, Callable<T> work) {
        return Single.fromCallable(work).subscribeOn(scheduler).onErrorResumeNext(e -> Single.error(inWords(e)));
    }

    private static Throwable inWords(Throwable failure) {
        if (!(failure instanceof NetlinkException refused)) {
            return failure;
        }
        return switch (refused.reason()) {
            case NO_SUCH_LINK, NO_SUCH_PROCESS, EXISTS -> new StepException(Reason.STALE, refused.getMessage());
            case TIMEOUT, INTERRUPTED, OVERRUN, BUSY -> new StepException(Reason.UNAVAILABLE, refused.getMessage());
            case NOT_PERMITTED, OTHER ->
                new StepException(
                        Reason.LINK_REFUSED, refused.getMessage(), "it is tried again; see the kernel's log", refused);
        };
    }

    @Override
    public void close() {
        thread.shutdown();
        scheduler.shutdown();
        makerThreads.shutdown();
        makers.shutdown();
        kernel.close();
    }
}
