// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership.engine;

import io.vertx.core.spi.cluster.ClusterManager;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.infinispan.configuration.cache.CacheMode;
import org.infinispan.configuration.cache.ConfigurationBuilder;
import org.infinispan.configuration.global.GlobalConfigurationBuilder;
import org.infinispan.configuration.global.ShutdownHookBehavior;
import org.infinispan.configuration.parsing.ConfigurationBuilderHolder;
import org.infinispan.manager.DefaultCacheManager;
import org.infinispan.notifications.cachemanagerlistener.annotation.Merged;
import org.infinispan.notifications.cachemanagerlistener.annotation.ViewChanged;
import org.infinispan.notifications.cachemanagerlistener.event.MergeEvent;
import org.infinispan.notifications.cachemanagerlistener.event.ViewChangedEvent;
import org.infinispan.remoting.transport.jgroups.JGroupsTransport;
import org.opdbus.verticles.membership.Engine;
import org.opdbus.verticles.membership.trust.MembershipException;
import org.opdbus.verticles.membership.trust.MembershipException.Reason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The group by Infinispan on JGroups, with only the three small replicated maps of Vert.x. Loaded by name. */
public final class InfinispanEngine implements Engine {
    private static final Logger LOG = LoggerFactory.getLogger("op-dbus.cluster");
    private static final String CLUSTER = "op-dbus";
    /** The names that vertx-infinispan uses. */
    private static final List<String> MAPS = List.of("__vertx.subs", "__vertx.haInfo", "__vertx.nodeInfo");

    private static final long STATE_TIMEOUT_MS = 20_000;
    /** Long enough for the state of all maps. */
    private static final long JOIN_LIMIT_S = 60;

    /** Called by name. */
    public InfinispanEngine() {}

    @Override
    public Group join(Settings settings, Listener listener) {
        GroupStack stack = new GroupStack(settings);
        DefaultCacheManager caches = new DefaultCacheManager(configuration(settings, stack), false);
        try {
            SteadyClusterManager manager = new SteadyClusterManager(caches);
            caches.addListener(new Views(manager, listener));
            start(caches);
            return new InfinispanGroup(caches, stack, manager);
        } catch (RuntimeException e) {
            throw new MembershipException(
                    Reason.NETWORK, "cannot join the cluster from " + settings.listen() + ": " + innermost(e), e);
        }
    }

    /**
     * Starts the caches, or ends them. Two members that join each other at one moment can wait for each other without
     * end; then one of them has to begin again.
     */
    private static void start(DefaultCacheManager caches) {
        CompletableFuture<Void> started = new CompletableFuture<>();
        Thread starting = new Thread(
                () -> {
                    try {
                        caches.start();
                        if (!started.complete(null)) {
                            caches.stop();
                        }
                    } catch (RuntimeException e) {
                        caches.stop();
                        started.completeExceptionally(e);
                    }
                },
                "op-dbus-cluster-joining");
        starting.setDaemon(true);
        starting.setUncaughtExceptionHandler(
                (thread, e) -> LOG.warn("cluster: ending an attempt to join failed: {}", e.toString()));
        starting.start();
        try {
            started.orTimeout(JOIN_LIMIT_S, TimeUnit.SECONDS).get();
        } catch (ExecutionException e) {
            starting.interrupt();
            throw e.getCause() instanceof TimeoutException
                    ? new IllegalStateException("the other members gave no place in " + JOIN_LIMIT_S + " s", e)
                    : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            started.cancel(false);
            starting.interrupt();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the agent is stopping", e);
        }
    }

    private static ConfigurationBuilderHolder configuration(Settings settings, GroupStack stack) {
        ClassLoader loader = InfinispanEngine.class.getClassLoader();
        ConfigurationBuilderHolder holder = new ConfigurationBuilderHolder(loader);
        GlobalConfigurationBuilder global = holder.getGlobalConfigurationBuilder();
        global.classLoader(loader);
        global.transport()
                .defaultTransport()
                .clusterName(CLUSTER)
                .nodeName(settings.nodeName())
                .addProperty(JGroupsTransport.CHANNEL_CONFIGURATOR, stack);
        global.metrics().gauges(false).histograms(false);
        global.jmx().disable();
        // The agent itself stops it, in order.
        global.shutdown().hookBehavior(ShutdownHookBehavior.DONT_REGISTER);
        for (String map : MAPS) {
            holder.getNamedConfigurationBuilders().put(map, replicated());
        }
        return holder;
    }

    private static ConfigurationBuilder replicated() {
        ConfigurationBuilder builder = new ConfigurationBuilder();
        builder.clustering()
                .cacheMode(CacheMode.REPL_SYNC)
                // A member that is away for a long time must not prevent the start of this one.
                .stateTransfer()
                .awaitInitialTransfer(true)
                .timeout(STATE_TIMEOUT_MS);
        return builder;
    }

    /** Returns the words of the innermost cause that has any. */
    private static String innermost(Throwable failure) {
        String words = failure.toString();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            words = cause.getMessage() == null ? words : cause.getMessage();
        }
        return words;
    }

    /** Reports that the view changed. Infinispan finds the methods by their annotations. */
    @org.infinispan.notifications.Listener(sync = false)
    public static final class Views {
        private final SteadyClusterManager manager;
        private final Engine.Listener listener;

        Views(SteadyClusterManager manager, Engine.Listener listener) {
            this.manager = manager;
            this.listener = listener;
        }

        /** Called when a member joined or left. */
        @ViewChanged
        public void changed(ViewChangedEvent event) {
            listener.viewChanged();
        }

        /** Called when two parts of the group have merged. */
        @Merged
        public void merged(MergeEvent event) {
            manager.merged();
            listener.viewChanged();
        }
    }

    private static final class InfinispanGroup implements Group {
        private final DefaultCacheManager caches;
        private final GroupStack stack;
        private final SteadyClusterManager manager;

        InfinispanGroup(DefaultCacheManager caches, GroupStack stack, SteadyClusterManager manager) {
            this.caches = caches;
            this.stack = stack;
            this.manager = manager;
        }

        @Override
        public ClusterManager manager() {
            return manager;
        }

        @Override
        public void seek(List<InetSocketAddress> members) {
            stack.seek(members);
        }

        @Override
        public boolean isUp() {
            return caches.getStatus().allowInvocations();
        }

        @Override
        public void putBack() {
            manager.putBack();
        }

        @Override
        public void close() {
            caches.stop();
        }
    }
}
