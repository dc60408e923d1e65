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
import org.opdbus.events.Event;
import org.opdbus.verticles.driver.ContainerDriver;
import org.opdbus.verticles.enroll.netmaker.NetmakerOptions.KeyOptions;
import org.opdbus.verticles.enroll.netmaker.guest.GuestCommands;
import org.opdbus.verticles.enroll.netmaker.hosts.IdentityOwners;
import org.opdbus.verticles.enroll.netmaker.hosts.MeshHost;
import org.opdbus.verticles.enroll.netmaker.hosts.HostRecords;
import org.opdbus.verticles.enroll.netmaker.server.ApiClient;
import org.opdbus.verticles.enroll.netmaker.server.EnrollmentKeys;
import org.opdbus.verticles.enroll.netmaker.server.ServerApi;

/** What a keeper of meshes is made of, joined together. */
record MeshWiring(
        HostRecords records,
        IdentityOwners holders,
        TokenSource tokens,
        Optional<EnrollmentKeys> mint,
        MeshHandler looks,
        MeshHealthCheck exam,
        LeaveHandler departures,
        ServerCleanup cleaning,
        MeshWatch watch) {
    /** What the parts tell the keeper, on its own thread. */
    interface Listener {
        /** A host or a key is left behind on a server. */
        void left();

        /** An interface of a mesh came or went in a container. */
        void linkChanged(ContainerId id);

        /** The file of tokens or the credential has changed. */
        void filesChanged();
    }

    /**
     * Joins the parts.
     *
     * @param own the keeper's own thread
     * @param waiting threads that may wait for files, the kernel and servers
     */
    static MeshWiring of(
            NetmakerOptions options,
            ContainerDriver driver,
            HostRecords records,
            Scheduler own,
            Scheduler waiting,
            Consumer<Event> facts,
            Listener listener)
            throws IOException {
        GuestCommands commands =
                new GuestCommands(driver, options.netclient(), options.times().join());
        ApiClient client = new ApiClient(options.caFile());
        ServerApi api = new ServerApi(client);
        Optional<EnrollmentKeys> mint = options.minting().map(minting -> new EnrollmentKeys(minting, client, records));
        TokenSource tokens = new TokenSource(options.envFile(), mint);
        IdentityOwners holders = new IdentityOwners(records);
        MeshHealthCheck exam = new MeshHealthCheck(options.times(), commands, tokens, api, waiting);
        LeaveHandler departures =
                new LeaveHandler(options.times().leave(), tokens, mint, commands, records, api, waiting, holders, facts);
        Runnable left = () -> own.scheduleDirect(listener::left);
        Consumer<MeshHost> former = host -> {
            exam.forget(host.container());
            departures.former(host);
            left.run();
        };
        return new MeshWiring(
                records,
                holders,
                tokens,
                mint,
                new MeshHandler(
                        options,
                        commands,
                        records,
                        tokens,
                        exam,
                        new JoinHandler(commands, records, tokens, waiting, left, former),
                        waiting,
                        former),
                exam,
                departures,
                new ServerCleanup(departures.clean(), own, options.times()),
                new MeshWatch(
                        files(options),
                        id -> own.scheduleDirect(() -> listener.linkChanged(id)),
                        () -> own.scheduleDirect(listener::filesChanged)));
    }

    private static List<Path> files(NetmakerOptions options) {
        List<Path> files = new ArrayList<>(List.of(options.envFile()));
        options.minting().map(KeyOptions::credentialFile).ifPresent(files::add);
        return files;
    }
}
