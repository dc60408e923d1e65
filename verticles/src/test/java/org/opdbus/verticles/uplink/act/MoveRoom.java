// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.act;

import io.reactivex.rxjava3.core.Single;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.opdbus.events.UplinkEvent;
import org.opdbus.verticles.driver.CommandRunner;
import org.opdbus.verticles.ovsdb.raw.RawDatabase;
import org.opdbus.verticles.testing.JavaProgram;
import org.opdbus.verticles.uplink.UplinkVerticle;
import org.opdbus.verticles.uplink.host.HostReader;
import org.opdbus.verticles.uplink.host.SwitchQuery;
import org.opdbus.verticles.uplink.plan.ManagerPlan;
import org.opdbus.verticles.uplink.plan.MoveRequest;
import org.opdbus.verticles.uplink.plan.MoveRequest.Direction;
import org.opdbus.verticles.uplink.plan.StepWork;
import org.opdbus.verticles.uplink.plan.UplinkPicture;
import org.opdbus.verticles.uplink.plan.UplinkPlan;
import org.opdbus.verticles.uplink.plan.UplinkPlanner;
import org.opdbus.verticles.uplink.wayback.HostSteps;
import org.opdbus.verticles.uplink.wayback.MoveFolder;
import org.opdbus.verticles.uplink.wayback.SwitchPlaces;

/** The room of uplinks on a laboratory's host, and a process that makes a move with it and dies at a chosen point. */
final class MoveRoom implements AutoCloseable {
    private static final int KILLED = 137;

    final MoveFolder folder;
    private final Vertx vertx = Vertx.vertx();
    private final CommandRunner runner = new CommandRunner();
    private final RawDatabase database;
    private final StepWork work;

    /** Makes the room of a host whose state is in this folder. */
    MoveRoom(Path state, Path socket, Path databaseFile) {
        folder = new MoveFolder(state, new SwitchPlaces(socket, databaseFile), runner);
        database = new RawDatabase(vertx, socket, Duration.ofSeconds(5));
        StepWork host = new HostSteps(runner);
        StepWork network = new NetworkSteps(database::transact, "h1");
        work = (move, step) -> (HostSteps.isOwn(step) ? host : network).perform(move, step);
    }

    static MoveRequest request(Duration confirmWithin) {
        return new MoveRequest(Direction.ONTO, UplinkLab.UPLINK, UplinkLab.BRIDGE, confirmWithin, List.of(), false);
    }

    UplinkVerticle verticle(UnaryWork wrapped, Consumer<UplinkEvent> facts) {
        return new UplinkVerticle(new UplinkVerticle.Parts(
                "the test", this::plan, folder, wrapped.around(work), UplinkProbe::answers, Optional.of(facts)));
    }

    /** Puts something around the work on steps. */
    interface UnaryWork {
        StepWork around(StepWork real);
    }

    Single<UplinkPlan> plan(MoveRequest request) {
        return database.transact(SwitchQuery.DATABASE, SwitchQuery.OPERATIONS)
                .map(rows -> UplinkPlanner.plan(
                        picture(rows, request),
                        request,
                        new ManagerPlan("none", List.of(), List.of(), List.of()),
                        "m" + System.nanoTime()));
    }

    private static UplinkPicture picture(String rows, MoveRequest request) {
        HostReader.KernelPart kernel = new HostReader(Path.of("/")).read(request);
        return new UplinkPicture(
                kernel.links(),
                kernel.addresses(),
                kernel.routes(),
                kernel.rules(),
                SwitchQuery.read(rows),
                Map.of(),
                kernel.settings(),
                kernel.clients(),
                kernel.wireless(),
                Map.of(),
                Map.of(),
                kernel.troubles(),
                List.of());
    }

    /** Deploys the verticle, which sees to what an earlier process left. */
    UplinkVerticle deploy(Consumer<UplinkEvent> facts) {
        UplinkVerticle verticle = verticle(real -> real, facts);
        vertx.deployVerticle(verticle).toCompletionStage().toCompletableFuture().join();
        return verticle;
    }

    /** Makes a move in a process of its own, which kills itself at a boundary such as {@code before 3}. */
    static void moveAndDie(Path state, UplinkLab lab, String boundary) throws Exception {
        Process process = new ProcessBuilder(JavaProgram.command(
                        MoveRoom.class,
                        state.toString(),
                        lab.ovs.socket().toString(),
                        lab.ovs.databaseFile().toString(),
                        boundary))
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        if (process.waitFor() != KILLED) {
            throw new AssertionError("not killed at " + boundary + ", but: " + output);
        }
    }

    /** Makes a move and dies: STATE SOCKET DATABASE BOUNDARY. */
    public static void main(String[] arguments) {
        MoveRoom room = new MoveRoom(Path.of(arguments[0]), Path.of(arguments[1]), Path.of(arguments[2]));
        String boundary = arguments[3];
        int[] place = {0};
        UplinkVerticle verticle = room.verticle(
                real -> (move, step) -> {
                    dieAt("before " + place[0], boundary);
                    real.perform(move, step);
                    dieAt("after " + place[0], boundary);
                    place[0]++;
                },
                fact -> {});
        try {
            System.out.println(verticle.move(request(Duration.ofMinutes(10)), line -> {})
                    .blockingGet()
                    .state());
            dieAt("moved", boundary);
            System.out.println("came past " + boundary);
        } catch (RuntimeException failure) {
            System.out.println("could not move: " + failure);
        }
        System.exit(1);
    }

    /** SIGKILL, as a kernel without memory sends it: nothing is cleaned up. */
    private static void dieAt(String here, String boundary) {
        if (here.equals(boundary)) {
            try {
                new ProcessBuilder(
                                "kill",
                                "-KILL",
                                Long.toString(ProcessHandle.current().pid()))
                        .start();
                throw new AssertionError("still alive: " + new CountDownLatch(1).await(1, TimeUnit.MINUTES));
            } catch (java.io.IOException | InterruptedException e) {
                throw new AssertionError("could not kill itself", e);
            }
        }
    }

    @Override
    public void close() {
        runner.close();
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
