// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership.engine;

import io.vertx.core.Completable;
import io.vertx.core.spi.cluster.NodeInfo;
import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.core.spi.cluster.RegistrationListener;
import io.vertx.core.spi.cluster.RegistrationUpdateEvent;
import io.vertx.ext.cluster.infinispan.InfinispanClusterManager;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.infinispan.manager.DefaultCacheManager;
import org.jspecify.annotations.Nullable;

/**
 * Vert.x's cluster manager on Infinispan, with a memory of its own entries.
 *
 * <p>When two parts of a cluster find each other again, Infinispan keeps the maps of one and drops those of the other,
 * and members that left a view had their entries deleted by those who stayed. Nobody says so to the member whose
 * entries are gone: it would hear nothing any more. Here each member knows what it has to have, and can put it back.
 */
final class SteadyClusterManager extends InfinispanClusterManager {
    private static final String SUBSCRIPTIONS = "__vertx.subs";
    /** So often the entries are put back after a merge, while the maps of the two parts become one. */
    private static final int REPETITIONS = 5;

    private final DefaultCacheManager caches;
    private final AtomicInteger repetitions = new AtomicInteger();
    private final Map<String, Set<RegistrationInfo>> own = new ConcurrentHashMap<>();
    private volatile @Nullable RegistrationListener listener;

    SteadyClusterManager(DefaultCacheManager caches) {
        super(caches);
        this.caches = caches;
    }

    @Override
    public synchronized void registrationListener(RegistrationListener registrationListener) {
        listener = registrationListener;
        super.registrationListener(registrationListener);
    }

    @Override
    public void addRegistration(String address, RegistrationInfo registration, Completable<Void> promise) {
        own.compute(address, (unused, known) -> {
            Set<RegistrationInfo> all = known == null ? ConcurrentHashMap.newKeySet() : known;
            all.add(registration);
            return all;
        });
        super.addRegistration(address, registration, promise);
    }

    @Override
    public void removeRegistration(String address, RegistrationInfo registration, Completable<Void> promise) {
        own.computeIfPresent(address, (unused, known) -> {
            known.remove(registration);
            return known.isEmpty() ? null : known;
        });
        super.removeRegistration(address, registration, promise);
    }

    /** Two parts of the group have found each other: for a while, entries are put back whether they seem there or not. */
    void merged() {
        repetitions.set(REPETITIONS);
    }

    /**
     * Puts back what of this member's may be missing, and looks up anew what it knows of the others.
     *
     * <p>After a merge a member may read its own entry in its own copy of a map while the others have none, so there the
     * entry is taken out and put in, which reaches every copy.
     */
    void putBack() {
        NodeInfo self = getNodeInfo();
        if (self == null || !isActive()) {
            return;
        }
        setNodeInfo(self, SteadyClusterManager::ignore);
        boolean anyhow = repetitions.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
        own.forEach((address, wanted) -> getRegistrations(
                address,
                (found, failure) -> wanted.stream()
                        .filter(each -> !each.localOnly() && (anyhow || !contains(found, each)))
                        .forEach(each -> putAnew(address, each))));
        lookUpAnew();
    }

    private void putAnew(String address, RegistrationInfo registration) {
        super.removeRegistration(
                address,
                registration,
                (removed, failure) -> super.addRegistration(address, registration, SteadyClusterManager::ignore));
    }

    /** Vert.x remembers who listens to what, and is not told of entries that came with a merge. */
    private void lookUpAnew() {
        RegistrationListener told = listener;
        if (told == null) {
            return;
        }
        for (Object key : caches.getCache(SUBSCRIPTIONS).keySet()) {
            if (key instanceof String address && told.wantsUpdatesFor(address)) {
                getRegistrations(address, (found, failure) -> {
                    if (found != null) {
                        told.registrationsUpdated(new RegistrationUpdateEvent(address, found));
                    }
                });
            }
        }
    }

    private static boolean contains(@Nullable List<RegistrationInfo> found, RegistrationInfo wanted) {
        return found != null && found.contains(wanted);
    }

    /** The next look finds what this one could not mend. */
    private static void ignore(@Nullable Void nothing, @Nullable Throwable failure) {}
}
