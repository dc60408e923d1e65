// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker;

import io.reactivex.rxjava3.core.Scheduler;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.enroll.netmaker.MeshContainers.Means;
import org.opdbus.verticles.enroll.netmaker.guest.GuestCommands;
import org.opdbus.verticles.enroll.netmaker.hosts.HostRecords;
import org.opdbus.verticles.enroll.netmaker.hosts.IdentityOwners;
import org.opdbus.verticles.enroll.netmaker.hosts.MeshHost;
import org.opdbus.verticles.enroll.netmaker.server.ApiClient;
import org.opdbus.verticles.enroll.netmaker.server.EnrollmentKeys;
import org.opdbus.verticles.enroll.netmaker.server.KeyOptions;
import org.opdbus.verticles.enroll.netmaker.server.ServerApi;

/** The parts of this package, connected. */
record MeshWiring(
        MeshEdges edges,
        MeshHandler handler,
        MeshHealthCheck health,
        LeaveHandler leaving,
        ServerCleanup cleanup,
        MeshWatch watch) {
    /** Receives the reports of the parts, on the verticle's own thread. */
    interface Listener {
        /** A host or a key is left behind on a server. */
        void leftBehind();

        /** A link of a mesh appeared or vanished in a container. */
        void linkChanged(ContainerId id);

        /** The file of tokens or the credential has changed. */
        void filesChanged();
    }

    /**
     * Connects the parts.
     *
     * @param waiting threads that may wait for files, the kernel and servers
     */
    static MeshWiring of(
            NetmakerOptions options, Means means, HostRecords records, Scheduler waiting, Listener listener)
            throws IOException {
        ApiClient client = new ApiClient(options.caFile());
        Optional<EnrollmentKeys> keys = options.keys().map(wanted -> new EnrollmentKeys(wanted, client, records));
        MeshEdges edges = new MeshEdges(
                new GuestCommands(
                        means.guests(), options.netclient(), options.times().join()),
                records,
                new IdentityOwners(records),
                new TokenSource(options.envFile(), keys),
                keys,
                new ServerApi(client),
                waiting);
        MeshHealthCheck health = new MeshHealthCheck(options.times(), edges);
        LeaveHandler leaving = new LeaveHandler(options.times().leave(), edges, means.facts());
        Scheduler own = means.own();
        Runnable leftBehind = () -> own.scheduleDirect(listener::leftBehind);
        Consumer<MeshHost> former = host -> {
            health.forget(host.container());
            leaving.former(host);
            leftBehind.run();
        };
        return new MeshWiring(
                edges,
                new MeshHandler(options, edges, health, new JoinHandler(edges, leftBehind, former), former),
                health,
                leaving,
                new ServerCleanup(leaving.clean(), own, options.times()),
                new MeshWatch(
                        files(options),
                        id -> own.scheduleDirect(() -> listener.linkChanged(id)),
                        () -> own.scheduleDirect(listener::filesChanged)));
    }

    private static List<Path> files(NetmakerOptions options) {
        List<Path> files = new ArrayList<>(List.of(options.envFile()));
        options.keys().map(KeyOptions::credentialFile).ifPresent(files::add);
        return files;
    }
}
