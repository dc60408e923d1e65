// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.wiring.labs;

import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.reactivex.rxjava3.disposables.Disposable;
import io.vertx.core.Context;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.opdbus.verticles.lab.LabParts;
import org.opdbus.verticles.lab.LabService;
import org.opdbus.verticles.lab.LabVerticle;
import org.opdbus.verticles.lab.definition.LabStore;
import org.opdbus.verticles.lab.link.A2bMachines;
import org.opdbus.verticles.lab.link.NatMachines;
import org.opdbus.verticles.lab.link.PhyMachines;
import org.opdbus.verticles.lab.link.TapMachines;
import org.opdbus.verticles.lab.machine.DockerMachines;
import org.opdbus.verticles.lab.machine.KvmMachines;
import org.opdbus.verticles.lab.machine.LxcMachines;
import org.opdbus.verticles.lab.process.HostLabProcesses;
import org.opdbus.verticles.lab.process.LabFolders;
import org.opdbus.verticles.lab.space.HostLabSpace;

/** Everything that keeps the labs of this host, opened and closed as one. A thread that may block does both. */
final class OpenLabs implements AutoCloseable {
    private static final int CLOSE_LIMIT_S = 60;

    private final HostLabProcesses processes;
    private final HostLabSpace space;
    private final KvmMachines kvm;
    private final LxcMachines lxc;
    private final TapMachines tap;
    private final NatMachines nat;
    private final A2bMachines a2b;
    private final PhyMachines phy;
    private final DockerMachines docker;
    private final Disposable containers;
    private final LabVerticle labs;

    private OpenLabs(Labs.Edges edges, Context loop) {
        LabFolders folders = LabFolders.below(edges.runtime());
        processes = new HostLabProcesses(folders);
        space = new HostLabSpace(folders, processes);
        String datapath = space.datapath();
        kvm = new KvmMachines(processes, folders, datapath);
        lxc = new LxcMachines(edges.containers(), folders, datapath);
        tap = new TapMachines(folders, datapath);
        nat = new NatMachines(processes, folders);
        a2b = new A2bMachines(processes, folders);
        phy = new PhyMachines(folders);
        docker = new DockerMachines(loop, edges.docker(), folders, datapath);
        containers = new CompositeDisposable(lxc.listen(edges.bus()), docker.listen(edges.bus()));
        labs = new LabVerticle(new LabParts(
                loop,
                folders,
                new LabStore(edges.definitions()),
                space,
                Map.of("kvm", kvm, "lxc", lxc, "docker", docker, "tap", tap, "nat", nat, "a2b", a2b, "phy", phy),
                edges.bus()::publish));
    }

    /** Opens them: the labs that run already are taken over. */
    static OpenLabs open(Labs.Edges edges, Context loop) {
        OpenLabs opened = new OpenLabs(edges, loop);
        opened.labs.rxStart().blockingAwait();
        return opened;
    }

    LabService service() {
        return labs;
    }

    /** The labs go on. */
    @Override
    public void close() {
        boolean ended = labs.rxStop().blockingAwait(CLOSE_LIMIT_S, TimeUnit.SECONDS);
        containers.dispose();
        kvm.close();
        lxc.close();
        docker.close();
        tap.close();
        nat.close();
        a2b.close();
        phy.close();
        space.close();
        processes.close();
        if (!ended) {
            throw new IllegalStateException("the labs did not let go within " + CLOSE_LIMIT_S + " s");
        }
    }
}
