// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.space;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Single;
import java.nio.file.Path;
import java.util.List;

/**
 * The namespaces of labs, each with an ovsdb-server and an ovs-vswitchd in it. The daemons outlive the agent; one that ends
 * is started again, after a pause that grows with each failure in a row. Methods may be called from any thread, do not block, and
 * have a limit. They fail with a {@link org.opdbus.verticles.lab.definition.LabRefusal} that names the remedy.
 */
public interface LabSpace {
    /**
     * Makes what is missing of a lab: its folder, its mark that it shall run, its namespace, its daemons. What runs already is
     * kept. It completes when ovs-vswitchd has acted on the database. It refuses a namespace of the lab's name that no lab made.
     */
    Completable ensure(String lab);

    /**
     * Ends every process of a lab and every other process in its namespace, removes the namespace with all links in it, and the
     * lab's folder, last its mark that it shall run. A lab of which nothing is there is fine. It leaves alone a namespace of the
     * lab's name that no lab made.
     */
    Completable remove(String lab);

    /** Returns whether the namespace of a lab is there and both daemons run in it. */
    Single<Boolean> runs(String lab);

    /** Returns the labs that shall run: their mark is there. A stop removes it, and so does a boot. */
    Single<List<String>> wanted();

    /** Returns the unix socket of a lab's ovsdb-server; it exists while that runs. */
    Path databaseSocket(String lab);

    /** Returns the {@code datapath_type} that bridges of a lab must have: {@code system} or {@code netdev}. */
    String datapath();

    /**
     * Tells the name of a lab each time when one of its daemons ended or was started again, on any thread. After the start of a daemon,
     * everything that Open vSwitch knew is to be checked again.
     */
    Flowable<String> changes();
}
