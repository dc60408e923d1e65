// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.state;

import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Single;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.driver.ContainerDescription;
import org.opdbus.verticles.driver.ContainerDriver;
import org.opdbus.verticles.driver.DriverException;
import org.opdbus.verticles.inventory.MeshStanding;
import org.opdbus.verticles.state.LiveContainer.Phase;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Combines the configured and the live state of this host's containers. */
public final class HostObserver {
    private static final Logger LOG = LoggerFactory.getLogger(HostObserver.class);

    private final ContainerDriver driver;
    private final EnrollmentWork enrollment;
    private final MeshWork mesh;

    public HostObserver(ContainerDriver driver, EnrollmentWork enrollment, MeshWork mesh) {
        this.driver = driver;
        this.enrollment = enrollment;
        this.mesh = mesh;
    }

    /**
     * What is live of containers.
     *
     * @param containers how every container stands
     * @param switchIsThere whether Open vSwitch can be heard
     * @param members the containers that were seen to be in a mesh
     */
    public record Seen(List<LiveContainer> containers, boolean switchIsThere, Set<ContainerId> members) {
        public Seen {
            containers = List.copyOf(containers);
            members = Set.copyOf(members);
        }
    }

    /**
     * Returns every container of LXC that the driver knows, or that is live, and every live workload of another kind, by id; fails
     * with the driver's failure.
     */
    Single<List<ContainerState>> observeAll() {
        return Single.zip(
                        enrollment.live(),
                        enrollment.bridges(),
                        members(),
                        (live, bridges, members) -> new Seen(live, bridges.isPresent(), members))
                .flatMap(seen -> observe(seen).map(containers -> {
                    Map<ContainerId, ContainerState> all = new TreeMap<>();
                    containers.forEach(container -> all.put(container.id(), container));
                    seen.containers().stream()
                            .filter(live -> StateDiff.isAttachment(live.id()))
                            .forEach(live -> all.merge(live.id(), attachment(live, seen), HostObserver::present));
                    return List.copyOf(all.values());
                }));
    }

    private static ContainerState attachment(LiveContainer live, Seen seen) {
        ContainerState state = state(live.id(), Map.of(), Optional.of(live), seen.switchIsThere());
        return seen.members().contains(live.subject()) ? inMesh(state) : state;
    }

    /** Of two containers of one name, one has gone and leaves a port. */
    private static ContainerState present(ContainerState one, ContainerState other) {
        return one.running() ? one : other;
    }

    /** Returns every container of LXC that the driver knows, or that is live, by id, where the caller knows already what is live. */
    public Single<List<ContainerState>> observe(Seen seen) {
        return descriptions().map(descriptions -> withMeshes(states(descriptions, seen), seen.members()));
    }

    /** The containers that were in a mesh at the last look. */
    private Single<Set<ContainerId>> members() {
        return mesh.standings()
                .map(all -> all.stream()
                        .filter(MeshStanding::joined)
                        .map(MeshStanding::id)
                        .collect(Collectors.toSet()));
    }

    private static List<ContainerState> withMeshes(List<ContainerState> states, Set<ContainerId> members) {
        return states.stream()
                .map(state -> members.contains(state.id()) ? inMesh(state) : state)
                .toList();
    }

    private static ContainerState inMesh(ContainerState state) {
        Map<String, Object> properties = new TreeMap<>(state.properties());
        properties.put("network_type", "netmaker");
        return new ContainerState(state.id(), state.veth(), state.bridge(), state.running(), properties);
    }

    private static List<ContainerState> states(List<ContainerDescription> descriptions, Seen seen) {
        Map<ContainerId, LiveContainer> byId = new TreeMap<>();
        seen.containers().forEach(container -> byId.put(container.id(), container));
        Map<ContainerId, ContainerState> states = new TreeMap<>();
        descriptions.forEach(description -> states.put(
                description.id(),
                state(
                        description.id(),
                        description.properties(),
                        Optional.ofNullable(byId.get(description.id())),
                        seen.switchIsThere())));
        byId.values().stream()
                .filter(container -> container.running()
                        && !StateDiff.isAttachment(container.id())
                        && !states.containsKey(container.id()))
                .forEach(container -> states.put(
                        container.id(), state(container.id(), Map.of(), Optional.of(container), seen.switchIsThere())));
        return List.copyOf(states.values());
    }

    private Single<List<ContainerDescription>> descriptions() {
        return driver.list()
                .flattenAsFlowable(ids -> ids)
                .concatMapMaybe(this::describe)
                .toList();
    }

    /** A container whose configuration cannot be read is left out, with a log line; it must not hide the others. */
    private Maybe<ContainerDescription> describe(ContainerId id) {
        return driver.describe(id).onErrorResumeNext(failure -> {
            if (failure instanceof DriverException known && known.reason() == DriverException.Reason.FILE) {
                LOG.warn(
                        "cannot read the configuration of container={}; it is left out, or shown "
                                + "without its configuration if it runs: {}",
                        id,
                        failure.getMessage());
                return Maybe.empty();
            }
            return Maybe.error(failure);
        });
    }

    /** The link of a stopped container is unknown, and that of every container while the switch is away. */
    private static ContainerState state(
            ContainerId id, Map<String, Object> configured, Optional<LiveContainer> live, boolean switchIsThere) {
        Optional<LiveContainer> running = live.filter(LiveContainer::running);
        Map<String, Object> properties = new TreeMap<>(configured);
        running.filter(container -> switchIsThere).ifPresent(container -> {
            properties.remove("vlan");
            container.vlan().ifPresent(vlan -> properties.put("vlan", vlan));
        });
        running.filter(container -> container.phase() == Phase.ENROLLED
                        || !container.bridge().isEmpty())
                .ifPresent(container -> properties.put("network_type", "bridge"));
        return new ContainerState(
                id,
                running.flatMap(LiveContainer::veth),
                running.filter(container -> switchIsThere).map(LiveContainer::bridge),
                running.isPresent(),
                properties);
    }
}
