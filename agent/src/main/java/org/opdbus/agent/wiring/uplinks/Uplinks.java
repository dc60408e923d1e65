// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.wiring.uplinks;

import io.reactivex.rxjava3.core.Single;
import io.reactivex.rxjava3.schedulers.Schedulers;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.opdbus.agent.wiring.Role;
import org.opdbus.config.AgentConfig;
import org.opdbus.verticles.bus.Bus;
import org.opdbus.verticles.driver.CommandRunner;
import org.opdbus.verticles.edges.BridgeWork;
import org.opdbus.verticles.files.HostFiles;
import org.opdbus.verticles.introspect.NetworkDocument;
import org.opdbus.verticles.uplink.MarksVerticle;
import org.opdbus.verticles.uplink.UplinkVerticle;
import org.opdbus.verticles.uplink.act.NetworkSteps;
import org.opdbus.verticles.uplink.act.UplinkProbe;
import org.opdbus.verticles.uplink.host.SwitchQuery;
import org.opdbus.verticles.uplink.manager.HostManagers;
import org.opdbus.verticles.uplink.plan.FileChange;
import org.opdbus.verticles.uplink.plan.ManagerPlan;
import org.opdbus.verticles.uplink.plan.MoveRequest;
import org.opdbus.verticles.uplink.plan.MoveRequest.Direction;
import org.opdbus.verticles.uplink.plan.Step;
import org.opdbus.verticles.uplink.plan.StepWork;
import org.opdbus.verticles.uplink.plan.UplinkPicture;
import org.opdbus.verticles.uplink.plan.UplinkPlan;
import org.opdbus.verticles.uplink.plan.UplinkPlanner;
import org.opdbus.verticles.uplink.plan.UplinkRefusal;
import org.opdbus.verticles.uplink.wayback.HostSteps;
import org.opdbus.verticles.uplink.wayback.MoveFolder;
import org.opdbus.verticles.uplink.wayback.SwitchPlaces;

/** Makes the room of uplinks of this host. Its classes are loaded only where it is needed. */
public final class Uplinks {
    private static final DateTimeFormatter ID_TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final int ID_RANDOM = 1 << 16;

    private final Supplier<Single<NetworkDocument>> network;
    private final BridgeWork bridges;
    private final MoveFolder folder;

    /**
     * What it is joined to.
     *
     * @param network describes the network
     * @param bridges carries out operations in Open vSwitch's database
     * @param runner runs programs
     */
    public record Edges(Supplier<Single<NetworkDocument>> network, BridgeWork bridges, CommandRunner runner) {}

    private Uplinks(AgentConfig config, Edges edges) {
        network = edges.network();
        bridges = edges.bridges();
        folder = folder(config, edges.runner());
    }

    /** Returns the folder of moves of a host. */
    public static MoveFolder folder(AgentConfig config, CommandRunner runner) {
        Path state = Optional.ofNullable(config.ledger().dir().toAbsolutePath().getParent())
                .orElse(Path.of("/"));
        return new MoveFolder(state, SwitchPlaces.ofSocket(config.ovsdb().socket()), runner);
    }

    /** Returns the verticle, and sees to it that a process which only looks tells nothing. */
    public static UplinkVerticle of(AgentConfig config, Role role, Bus bus, Edges edges) {
        Uplinks uplinks = new Uplinks(config, edges);
        StepWork host = new HostSteps(edges.runner());
        StepWork kernelAndSwitch = new NetworkSteps(edges.bridges()::transact, config.host());
        StepWork work = (move, step) -> (HostSteps.isOwn(step) ? host : kernelAndSwitch).perform(move, step);
        return new UplinkVerticle(new UplinkVerticle.Parts(
                role == Role.SERVE ? "op-dbus run" : "op-dbus uplink",
                uplinks::plan,
                uplinks.folder,
                work,
                UplinkProbe::answers,
                role == Role.OBSERVE ? Optional.empty() : Optional.of(bus::publish)));
    }

    /** Returns the verticle that keeps the marks of confirmed uplinks. */
    public static MarksVerticle marks(AgentConfig config, Bus bus, Edges edges) {
        MoveFolder folder = folder(config, edges.runner());
        return new MarksVerticle(
                bus,
                config.host(),
                folder::confirmed,
                operations -> edges.bridges().transact(SwitchQuery.DATABASE, operations));
    }

    private Single<UplinkPlan> plan(MoveRequest asked) {
        return Single.fromCallable(() -> whole(asked))
                .subscribeOn(Schedulers.io())
                .flatMap(request -> pictures().picture(request).map(picture -> plan(picture, request)));
    }

    private UplinkPictures pictures() {
        return new UplinkPictures(
                new UplinkPictures.Sources(network, bridges::transact, folder::confirmed, Schedulers.io()));
    }

    /** A way back names no bridge: it is the one that the confirmed move came onto. */
    private MoveRequest whole(MoveRequest asked) {
        if (asked.direction() == Direction.ONTO || !asked.bridge().isEmpty()) {
            return asked;
        }
        String bridge = folder.confirmed(asked.link())
                .map(plan -> plan.request().bridge())
                .orElse("");
        return new MoveRequest(
                asked.direction(),
                asked.link(),
                bridge,
                asked.confirmWithin(),
                asked.targets(),
                asked.persists(),
                asked.discards());
    }

    private UplinkPlan plan(UplinkPicture picture, MoveRequest request) {
        HostManagers managers = new HostManagers(new HostFiles(Path.of("/")));
        ManagerPlan manager;
        try {
            manager = managers.plan(picture, request, written(request));
        } catch (UplinkRefusal refusal) {
            throw UplinkPlanner.refusal(picture, request, refusal);
        }
        return UplinkPlanner.plan(picture, request, manager, newId());
    }

    private List<FileChange> written(MoveRequest request) {
        if (request.direction() == Direction.ONTO) {
            return List.of();
        }
        return folder.confirmed(request.link()).stream()
                .flatMap(plan -> plan.steps().stream())
                .filter(Step.WriteFiles.class::isInstance)
                .flatMap(step -> ((Step.WriteFiles) step).files().stream())
                .toList();
    }

    private static String newId() {
        return ID_TIME.format(Instant.now())
                + String.format(
                        Locale.ROOT, "-%04x", ThreadLocalRandom.current().nextInt(ID_RANDOM));
    }
}
