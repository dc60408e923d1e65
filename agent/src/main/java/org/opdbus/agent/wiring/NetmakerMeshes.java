// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.wiring;

import io.reactivex.rxjava3.core.BackpressureStrategy;
import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Single;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.opdbus.agent.systemd.Credentials;
import org.opdbus.config.AgentConfig;
import org.opdbus.config.NetmakerApiConfig;
import org.opdbus.config.NetmakerConfig;
import org.opdbus.config.state.DesiredContainer;
import org.opdbus.events.ContainerId;
import org.opdbus.events.Event;
import org.opdbus.verticles.bus.Bus;
import org.opdbus.verticles.enroll.netmaker.MeshCommands;
import org.opdbus.verticles.enroll.netmaker.NetmakerOptions;
import org.opdbus.verticles.enroll.netmaker.guest.MeshNode;
import org.opdbus.verticles.enroll.netmaker.plan.MeshStatus;
import org.opdbus.verticles.enroll.netmaker.plan.MeshStatus.Phase;
import org.opdbus.verticles.enroll.netmaker.server.KeyOptions;
import org.opdbus.verticles.inventory.MeshStanding;
import org.opdbus.verticles.state.MeshWork;
import org.opdbus.verticles.state.policy.StatePolicy;

/** Connects the mesh operations of an apply to the manager of Netmaker meshes. */
final class NetmakerMeshes implements MeshWork {
    private final MeshCommands netmaker;
    private final StatePolicy policy;
    private final Bus bus;

    NetmakerMeshes(MeshCommands netmaker, StatePolicy policy, Bus bus) {
        this.netmaker = netmaker;
        this.policy = policy;
        this.bus = bus;
    }

    /** Returns how this configuration joins meshes. */
    static NetmakerOptions options(AgentConfig config) {
        NetmakerConfig netmaker = config.netmaker();
        NetmakerApiConfig api = netmaker.api();
        return NetmakerOptions.of(
                        Credentials.tokens(netmaker.envFile(), System.getenv()),
                        netmaker.netclient(),
                        NetmakerOptions.folderBeside(config.ledger().dir()),
                        api.base().map(url -> new KeyOptions(url, api.credentialFile(), api.networks())),
                        api.authorities())
                .withRejoin(netmaker.rejoin());
    }

    @Override
    public boolean isWanted(DesiredContainer container) {
        return policy.meshOf(container).isPresent();
    }

    @Override
    public Completable check(DesiredContainer container) {
        return policy.meshOf(container).map(netmaker::check).orElseGet(Completable::complete);
    }

    @Override
    public Completable look(ContainerId container) {
        return netmaker.recheck(container);
    }

    @Override
    public Single<Boolean> leave(ContainerId container) {
        return netmaker.leave(container);
    }

    @Override
    public Single<List<MeshStanding>> standings() {
        return netmaker.status()
                .map(all -> all.stream().map(NetmakerMeshes::standing).toList());
    }

    @Override
    public Single<Map<ContainerId, List<String>>> leftBehind() {
        return netmaker.leftBehind();
    }

    @Override
    public Flowable<MeshStanding> watch(ContainerId container) {
        return Flowable.<Event>create(
                        told -> told.setDisposable(bus.subscribeAll(told::onNext)), BackpressureStrategy.LATEST)
                .filter(event -> event.subject().equals(container.value()))
                .map(event -> true)
                .startWithItem(true)
                .concatMapSingle(change -> standings())
                .concatMapIterable(all -> all)
                .filter(standing -> standing.id().equals(container));
    }

    private static MeshStanding standing(MeshStatus status) {
        Optional<MeshNode> node = status.nodes().stream().findFirst();
        return new MeshStanding(
                status.container(),
                status.phase().name().toLowerCase(Locale.ROOT),
                status.phase() == Phase.JOINED || status.phase() == Phase.DEGRADED,
                status.why(),
                status.remedy(),
                node.map(MeshNode::network).orElse(""),
                node.map(MeshNode::address).orElse(""));
    }
}
