// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.opdbus.events.ContainerId;
import org.opdbus.events.Link;
import org.opdbus.verticles.kernel.Inotify;
import org.opdbus.verticles.kernel.Poller;
import org.opdbus.verticles.kernel.netlink.LinkChanges;
import org.opdbus.verticles.kernel.netlink.LinkMessage;
import org.opdbus.verticles.kernel.netlink.LinkMessage.Gone;
import org.opdbus.verticles.kernel.netlink.LinkMessage.Present;
import org.opdbus.verticles.kernel.netlink.NetlinkException;
import org.opdbus.verticles.kernel.netlink.NetworkNamespace;
import org.opdbus.verticles.kernel.netlink.RtNetlink;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports changes that a check would find only later: netclient's link in a container comes or goes, and the file of tokens
 * or of the credential changes. It has one thread. If it cannot watch something, it logs that once; the checks go on.
 */
final class MeshWatch implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(MeshWatch.class);
    /** netclient names no interface otherwise; with this it tries whether there is WireGuard. */
    private static final String LINK_PREFIX = "netmaker";

    private static final String TRIAL_LINK = "netmaker-test";
    private static final long FOR_EVER_MS = Integer.MAX_VALUE;

    private final Poller poller;
    private final Consumer<ContainerId> linkChanged;
    private final Runnable filesChanged;
    private final Queue<Runnable> orders = new ConcurrentLinkedQueue<>();
    private final Map<ContainerId, Guest> guests = new HashMap<>();
    private final Map<Integer, Set<String>> files = new HashMap<>();
    private final Thread thread = new Thread(this::run, "op-dbus-netmaker-watch");
    private @Nullable Inotify folders;
    private boolean closing;

    private record Guest(LinkChanges changes, Set<Integer> meshLinks) {}

    /**
     * A watch that runs until it is closed. It reports on a thread of its own, which the listener must not hold up.
     *
     * @param watched the files whose changes are reported; their folders have to exist
     */
    MeshWatch(Collection<Path> watched, Consumer<ContainerId> linkChanged, Runnable filesChanged) throws IOException {
        this.linkChanged = linkChanged;
        this.filesChanged = filesChanged;
        poller = new Poller();
        orders.add(() -> watch(watched));
        thread.setDaemon(true);
        thread.start();
    }

    /** Begins to hear of the container whose init this is. */
    void begin(ContainerId id, long initPid) {
        order(() -> {
            forget(id);
            hear(id, initPid);
        });
    }

    /** Hears of this container no more, which lets its namespace go. */
    void end(ContainerId id) {
        order(() -> forget(id));
    }

    private void order(Runnable order) {
        orders.add(order);
        poller.wake();
    }

    private void run() {
        try {
            while (!closing) {
                Runnable order = orders.poll();
                if (order == null) {
                    poller.await(FOR_EVER_MS);
                } else {
                    order.run();
                }
            }
        } catch (IOException | RuntimeException failure) {
            LOG.error("changes of meshes are heard of only in turn from now on", failure);
        } finally {
            Set.copyOf(guests.keySet()).forEach(this::forget);
            Inotify open = folders;
            if (open != null) {
                open.close();
            }
            poller.close();
        }
    }

    private void watch(Collection<Path> watched) {
        try {
            Inotify inotify = new Inotify();
            folders = inotify;
            for (Path file : watched) {
                OptionalInt watch = inotify.watch(
                        String.valueOf(file.toAbsolutePath().getParent()),
                        Inotify.CLOSE_WRITE | Inotify.MOVED_TO | Inotify.ATTRIB);
                if (watch.isPresent()) {
                    files.computeIfAbsent(watch.getAsInt(), folder -> new HashSet<>())
                            .add(String.valueOf(file.getFileName()));
                }
            }
            poller.watch(inotify.fd(), () -> read(inotify));
        } catch (IOException failure) {
            LOG.warn("a change of the file of tokens is seen only in turn: {}", failure.getMessage());
        }
    }

    private void read(Inotify inotify) {
        boolean concerned = false;
        for (Inotify.Happening happening : inotify.read()) {
            concerned |= happening.is(Inotify.OVERFLOW)
                    || files.getOrDefault(happening.watch(), Set.of()).contains(happening.name());
        }
        if (concerned) {
            filesChanged.run();
        }
    }

    private void hear(ContainerId id, long initPid) {
        try (NetworkNamespace namespace = NetworkNamespace.ofProcess(initPid)) {
            LinkChanges changes = LinkChanges.in(namespace);
            Guest guest = new Guest(changes, new HashSet<>());
            guests.put(id, guest);
            list(guest, namespace);
            poller.watch(changes.fd(), () -> read(id, guest));
        } catch (NetlinkException | IOException failure) {
            forget(id);
            LOG.debug("container={} its interface is seen only in turn: {}", id, failure.getMessage());
        }
    }

    private static void list(Guest guest, NetworkNamespace namespace) {
        try (RtNetlink kernel = RtNetlink.open(namespace)) {
            kernel.links().stream().filter(MeshWatch::isMesh).map(Link::index).forEach(guest.meshLinks()::add);
        }
    }

    private void read(ContainerId id, Guest guest) {
        boolean concerned = false;
        try {
            for (LinkMessage message : guest.changes().read()) {
                concerned |= isOfMesh(guest, message);
            }
        } catch (NetlinkException failure) {
            if (failure.reason() != NetlinkException.Reason.OVERRUN) {
                forget(id);
            }
            concerned = true;
        }
        if (concerned) {
            linkChanged.accept(id);
        }
    }

    private static boolean isOfMesh(Guest guest, LinkMessage message) {
        if (message instanceof Present present && isMesh(present.link())) {
            guest.meshLinks().add(present.link().index());
            return true;
        }
        return message instanceof Gone gone && guest.meshLinks().remove(gone.index());
    }

    private static boolean isMesh(Link link) {
        String name = link.name().value();
        return name.startsWith(LINK_PREFIX) && !name.equals(TRIAL_LINK);
    }

    private void forget(ContainerId id) {
        Optional.ofNullable(guests.remove(id)).ifPresent(guest -> {
            poller.forget(guest.changes().fd());
            guest.changes().close();
        });
    }

    @Override
    public void close() {
        order(() -> closing = true);
    }
}
