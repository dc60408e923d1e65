// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.plan;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Single;
import java.util.Map;
import org.opdbus.verticles.lab.definition.LabItem;
import org.opdbus.verticles.lab.definition.LabMachine;
import org.opdbus.verticles.lab.plan.LabPicture.MachineState;

/**
 * Starts and ends machines of one kind, and makes the links behind their endpoints. Methods may be called from any thread; they do
 * not block, have a limit, and emit on threads of their own. What is done already is done again without harm.
 */
public interface LabMachines {
    /**
     * Starts a machine and makes the links of its endpoints in the lab's namespace. When it completes, the links are there and up.
     *
     * @param lab the name of the lab
     */
    Completable start(String lab, LabItem item);

    /** Ends a machine and removes the links of its endpoints, also those that an earlier agent left half made. */
    Completable stop(String lab, LabItem item);

    /**
     * Ends a machine of this kind for which the definition has no item, if the lab's own record of its start proves that it is the
     * lab's; leaves it alone otherwise, and does nothing if there is none.
     */
    default Completable endOther(String lab, String item) {
        return Completable.complete();
    }

    /** Returns the machines of this kind of a lab, by the name of the item. */
    Single<Map<String, MachineState>> states(String lab);

    /**
     * Returns the settings that running machines have, by the name of the item; only of those whose settings can change while they run.
     * {@link #start} gives them other ones.
     */
    default Single<Map<String, LabMachine>> settings(String lab) {
        return Single.just(Map.of());
    }

    /** Tells the name of a lab each time when a machine of it began or ended by itself. */
    Flowable<String> changes();
}
