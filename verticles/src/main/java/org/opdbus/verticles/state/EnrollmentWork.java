// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.state;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Single;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.opdbus.config.state.DesiredContainer;
import org.opdbus.events.ContainerId;

/** The operations of the enrolling code that an apply needs. Any thread may call it; answers come on any thread. */
public interface EnrollmentWork {
    /**
     * Sets what is wanted for a container from now on, while it runs.
     *
     * @param before what was wanted until now; the code undoes the settings that the new state lacks
     */
    Completable want(DesiredContainer container, Optional<DesiredContainer> before);

    /** Says that the state no longer names this container. */
    Completable forget(ContainerId container);

    /** Returns the status of every container of this host. */
    Single<List<LiveContainer>> live();

    /** Emits the present status of this container, and again whenever it may have changed. Does not end by itself. */
    Flowable<LiveContainer> watch(ContainerId container);

    /** Returns the existing bridges; empty if Open vSwitch's database is out of reach. */
    Single<Optional<Set<String>>> bridges();
}
