// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.wiring.uplinks;

import io.reactivex.rxjava3.core.Scheduler;
import io.reactivex.rxjava3.core.Single;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.opdbus.verticles.introspect.NetworkDocument;
import org.opdbus.verticles.introspect.NetworkDocument.OwnedLink;
import org.opdbus.verticles.uplink.act.SwitchDatabase;
import org.opdbus.verticles.uplink.host.HostReader;
import org.opdbus.verticles.uplink.host.SwitchQuery;
import org.opdbus.verticles.uplink.plan.MoveRequest;
import org.opdbus.verticles.uplink.plan.UplinkPicture;
import org.opdbus.verticles.uplink.plan.UplinkPicture.LinkOwner;
import org.opdbus.verticles.uplink.plan.UplinkPicture.SwitchBridge;
import org.opdbus.verticles.uplink.plan.UplinkPlan;

/**
 * Makes the pictures that plans of moves rest on. The kernel and Open vSwitch's database are asked anew, because a move changes what
 * they say; {@code introspect} says who owns a link and which container is at its other end.
 */
final class UplinkPictures {
    private static final Duration DATABASE_LIMIT = Duration.ofSeconds(5);

    private final Sources sources;
    private final HostReader host = new HostReader(Path.of("/"));

    /**
     * What it asks.
     *
     * @param documents describes the network
     * @param database carries out operations in Open vSwitch's database
     * @param confirmed returns the plan of the confirmed move of a link, if there is one; may block
     * @param blocking runs what blocks
     */
    record Sources(
            Supplier<Single<NetworkDocument>> documents,
            SwitchDatabase database,
            Function<String, Optional<UplinkPlan>> confirmed,
            Scheduler blocking) {}

    UplinkPictures(Sources sources) {
        this.sources = sources;
    }

    /** What the database says; a trouble if it does not answer. */
    private record Bridges(List<SwitchBridge> all, List<String> troubles) {}

    /**
     * Returns what a plan for this request must know, as it is now. Any thread may subscribe. Fails if the kernel does not list.
     */
    Single<UplinkPicture> picture(MoveRequest request) {
        return Single.zip(sources.documents().get(), bridges(), Found::new)
                .observeOn(sources.blocking())
                .map(found -> join(request, found));
    }

    private record Found(NetworkDocument document, Bridges bridges) {}

    private Single<Bridges> bridges() {
        return sources.database()
                .transact(SwitchQuery.DATABASE, SwitchQuery.OPERATIONS)
                .timeout(DATABASE_LIMIT.toSeconds(), TimeUnit.SECONDS)
                .map(results -> new Bridges(SwitchQuery.read(results), List.of()))
                .onErrorReturn(failure -> new Bridges(
                        List.of(),
                        List.of("Open vSwitch does not say which bridges there are: " + failure.getMessage())));
    }

    private UplinkPicture join(MoveRequest request, Found found) {
        HostReader.KernelPart kernel = host.read(request);
        List<String> troubles = new ArrayList<>(kernel.troubles());
        troubles.addAll(found.bridges().troubles());
        Map<String, UplinkPlan> moved = new HashMap<>();
        sources.confirmed().apply(request.link()).ifPresent(plan -> moved.put(request.link(), plan));
        return new UplinkPicture(
                kernel.links(),
                kernel.addresses(),
                kernel.routes(),
                kernel.rules(),
                found.bridges().all(),
                owners(found.document()),
                kernel.settings(),
                kernel.clients(),
                kernel.wireless(),
                containers(found.document()),
                moved,
                troubles,
                found.document().troubles());
    }

    private static Map<String, List<LinkOwner>> owners(NetworkDocument document) {
        Map<String, List<LinkOwner>> owners = new HashMap<>();
        document.links().stream()
                .filter(link -> !link.owners().isEmpty())
                .forEach(link -> owners.put(
                        link.link().name(),
                        link.owners().stream()
                                .map(claim -> new LinkOwner(claim.owner(), claim.what(), claim.evidence()))
                                .toList()));
        return owners;
    }

    private static Map<String, String> containers(NetworkDocument document) {
        Map<String, String> containers = new HashMap<>();
        for (OwnedLink link : document.links()) {
            link.container().ifPresent(container -> containers.put(link.link().name(), container));
        }
        return containers;
    }
}
