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
 * Vert.x's cluster manager on Infinispan, with its own record of its entries.
 *
 * <p>When two parts of a cluster merge, Infinispan keeps the maps of one part and drops those of the other. When
 * members leave a view, the remaining ones delete their entries. A member whose entries are gone is not notified, and
 * would receive nothing any more. Here each member knows its entries and can restore them.
 */
final class SteadyClusterManager extends InfinispanClusterManager {
    private static final String SUBSCRIPTIONS = "__vertx.subs";
    /** How often the entries are restored after a merge, while the maps of the two parts merge. */
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

    /** Two parts of the group have merged: for a while, entries are restored even if they seem to exist. */
    void merged() {
        repetitions.set(REPETITIONS);
    }

    /**
     * Restores the entries of this member that may be missing, and reads again what it knows of the others.
     *
     * <p>After a merge a member may read its own entry in its own copy of a map while the others have none. So the
     * entry is removed and added again, which reaches every copy.
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

    /** Vert.x caches the subscribers, and gets no event for entries that came with a merge. */
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

    /** The next check repairs what this one could not. */
    private static void ignore(@Nullable Void nothing, @Nullable Throwable failure) {}
}
