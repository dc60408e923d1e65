// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.process;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Single;
import java.time.Duration;
import java.util.List;

/**
 * Starts, finds and ends the long-lived processes of labs. They run in the lab's namespace, outside of the agent's session and, where
 * systemd is, of its control group; so the agent can end and start again without them. A process is known by the lab and by its
 * role. Its number and its time of start are in a file below {@code /run}, which nothing of a former boot survives. Methods may be
 * called from any thread, do not block, and have a limit.
 */
public interface LabProcesses {
    /**
     * A process of a lab.
     *
     * @param role what it is for: {@code ovsdb-server}, {@code ovs-vswitchd}, or {@code kvm-} and the number of an item
     */
    record LabProcess(String lab, String role, long pid) {}

    /**
     * Starts a program in the namespace of a lab, if it does not run already. It has no secret in its arguments.
     *
     * @param command the program, found on the fixed search path, and its arguments
     */
    Single<LabProcess> start(String lab, String role, List<String> command);

    /** Returns the processes of a lab that run. */
    Single<List<LabProcess>> running(String lab);

    /** Asks a process to end (SIGTERM), and ends it (SIGKILL) after the grace; completes when it is gone. */
    Completable end(String lab, String role, Duration grace);

    /** Tells each process that ended. */
    Flowable<LabProcess> ended();
}
