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
import org.opdbus.verticles.enroll.netmaker.NetmakerOptions.Minting;
import org.opdbus.verticles.enroll.netmaker.guest.GuestCommands;
import org.opdbus.verticles.enroll.netmaker.hosts.Holders;
import org.opdbus.verticles.enroll.netmaker.hosts.MeshHost;
import org.opdbus.verticles.enroll.netmaker.hosts.MeshRecords;
import org.opdbus.verticles.enroll.netmaker.server.ApiClient;
import org.opdbus.verticles.enroll.netmaker.server.KeyMint;
import org.opdbus.verticles.enroll.netmaker.server.ServerApi;

/** What a keeper of meshes is made of, joined together. */
record MeshParts(
        MeshRecords records,
        Holders holders,
        TokenSource tokens,
        Optional<KeyMint> mint,
        MeshLook looks,
        MeshExam exam,
        Departures departures,
        Cleaning cleaning,
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
    static MeshParts of(
            NetmakerOptions options,
            ContainerDriver driver,
            MeshRecords records,
            Scheduler own,
            Scheduler waiting,
            Consumer<Event> facts,
            Listener listener)
            throws IOException {
        GuestCommands commands =
                new GuestCommands(driver, options.netclient(), options.times().join());
        ApiClient client = new ApiClient(options.caFile());
        ServerApi api = new ServerApi(client);
        Optional<KeyMint> mint = options.minting().map(minting -> new KeyMint(minting, client, records));
        TokenSource tokens = new TokenSource(options.envFile(), mint);
        Holders holders = new Holders(records);
        MeshExam exam = new MeshExam(options.times(), commands, tokens, api, waiting);
        Departures departures =
                new Departures(options.times().leave(), tokens, mint, commands, records, api, waiting, holders, facts);
        Runnable left = () -> own.scheduleDirect(listener::left);
        Consumer<MeshHost> former = host -> {
            exam.forget(host.container());
            departures.former(host);
            left.run();
        };
        return new MeshParts(
                records,
                holders,
                tokens,
                mint,
                new MeshLook(
                        options,
                        commands,
                        records,
                        tokens,
                        exam,
                        new Joins(commands, records, tokens, waiting, left, former),
                        waiting,
                        former),
                exam,
                departures,
                new Cleaning(departures.clean(), own, options.times()),
                new MeshWatch(
                        files(options),
                        id -> own.scheduleDirect(() -> listener.linkChanged(id)),
                        () -> own.scheduleDirect(listener::filesChanged)));
    }

    private static List<Path> files(NetmakerOptions options) {
        List<Path> files = new ArrayList<>(List.of(options.envFile()));
        options.minting().map(Minting::credentialFile).ifPresent(files::add);
        return files;
    }
}
