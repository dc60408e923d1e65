// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership.engine;

import io.vertx.core.Completable;
import io.vertx.core.spi.cluster.NodeInfo;
import io.vertx.core.spi.cluster.RegistrationInfo;
import io.vertx.core.spi.cluster.RegistrationListener;
import io.vertx.ext.cluster.infinispan.InfinispanClusterManager;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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
    private final Map<String, Set<RegistrationInfo>> own = new ConcurrentHashMap<>();
    private volatile @Nullable RegistrationListener listener;

    SteadyClusterManager(DefaultCacheManager caches) {
        super(caches);
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

    /** Puts back what of this member's is missing, and forgets what was known of the others', which is then looked up. */
    void putBack() {
        NodeInfo self = getNodeInfo();
        if (self == null || !isActive()) {
            return;
        }
        getNodeInfo(getNodeId(), (found, failure) -> {
            if (failure != null) {
                setNodeInfo(self, SteadyClusterManager::ignore);
            }
        });
        own.forEach((address, wanted) -> getRegistrations(
                address, (found, failure) -> wanted.stream()
                        .filter(each -> !each.localOnly() && !contains(found, each))
                        .forEach(each -> super.addRegistration(address, each, SteadyClusterManager::ignore))));
        RegistrationListener told = listener;
        if (told != null) {
            told.registrationsLost();
        }
    }

    private static boolean contains(@Nullable List<RegistrationInfo> found, RegistrationInfo wanted) {
        Collection<RegistrationInfo> all = found == null ? List.of() : found;
        return all.contains(wanted);
    }

    /** The next look finds what this one could not mend. */
    private static void ignore(@Nullable Void nothing, @Nullable Throwable failure) {}
}
