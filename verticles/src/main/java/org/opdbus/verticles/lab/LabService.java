// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Single;
import java.util.List;
import java.util.Map;
import org.opdbus.verticles.lab.definition.LabChange;
import org.opdbus.verticles.lab.plan.LabStatus;

/**
 * The labs of this host. Methods may be called from any thread and do not block. Each fails with a
 * {@link org.opdbus.verticles.lab.definition.LabRefusal} if it is not possible, with the reason and the remedy.
 */
public interface LabService {
    /**
     * Starts a lab; cleans up first what an earlier one left. If there is a definition of that name, the lab becomes what it says.
     *
     * @param fresh whether the lab begins empty; its former definition is then replaced
     */
    Single<LabStatus> start(String lab, boolean fresh);

    /**
     * Ends everything of a lab. It completes when nothing of it is left but its definition.
     *
     * @param forget whether the definition is removed, too
     */
    Completable stop(String lab, boolean forget);

    /**
     * Changes a lab that runs: all of the changes, or none. It succeeds when everything that they touch is as wanted and was seen to
     * be so ({@code ofport >= 1}), within a limit.
     */
    Single<LabStatus> change(String lab, List<LabChange> changes);

    /** Returns how a lab is. */
    Single<LabStatus> status(String lab);

    /**
     * Returns what the endpoints of a lab have sent and received, by the name of the port; a lab that does not run has none. Open vSwitch
     * updates the figures every 5 seconds. They are those of {@link org.opdbus.verticles.lab.act.LabCounters}.
     */
    Single<Map<String, Map<String, Long>>> statistics(String lab);

    /** Returns how all labs are, and again after each change, until the subscription is cancelled. */
    Flowable<List<LabStatus>> all();
}
