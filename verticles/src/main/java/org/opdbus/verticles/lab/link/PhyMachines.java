// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.link;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Single;
import java.util.HashMap;
import java.util.Map;
import org.opdbus.events.LinkName;
import org.opdbus.verticles.driver.CommandRunner;
import org.opdbus.verticles.lab.definition.LabItem;
import org.opdbus.verticles.lab.plan.LabMachines;
import org.opdbus.verticles.lab.plan.LabPicture.MachineState;
import org.opdbus.verticles.lab.process.LabFolders;
import org.opdbus.verticles.lab.space.BorrowedLinks;

/**
 * Links of the host that labs take and give back. A link that the host uses is refused: one with an IP address, on a bridge, or below
 * another link. It keeps its hardware address in the lab.
 */
public final class PhyMachines implements LabMachines, AutoCloseable {
    private final BorrowedLinks borrowed;
    private final CommandRunner threads = new CommandRunner();

    public PhyMachines(LabFolders folders) {
        borrowed = new BorrowedLinks(folders);
    }

    @Override
    public Completable start(String lab, LabItem item) {
        return threads.submit(() -> {
                    LinkName inside = new LinkName(item.portOf(item.endpoints().get(0)));
                    borrowed.take(lab, TapMachines.linkName(item.name()), inside);
                    return inside;
                })
                .ignoreElement();
    }

    @Override
    public Completable stop(String lab, LabItem item) {
        return threads.submit(() -> {
                    borrowed.giveBack(lab, item.name());
                    return item;
                })
                .ignoreElement();
    }

    @Override
    public Single<Map<String, MachineState>> states(String lab) {
        return threads.submit(() -> {
            Map<String, MachineState> states = new HashMap<>();
            for (String name : borrowed.names(lab)) {
                if (borrowed.has(lab, name)) {
                    states.put(name, MachineState.RUNNING);
                }
            }
            return Map.copyOf(states);
        });
    }

    /** A link that vanishes is heard of by what watches the links of the namespace. */
    @Override
    public Flowable<String> changes() {
        return Flowable.never();
    }

    @Override
    public void close() {
        threads.close();
    }
}
