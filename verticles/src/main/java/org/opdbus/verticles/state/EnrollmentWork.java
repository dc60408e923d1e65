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

/** What carrying out a state needs of those who enrol containers. May be called from any thread, and answers on any. */
public interface EnrollmentWork {
    /**
     * Says what is wanted for a container from now on, while it runs.
     *
     * @param before what was wanted until now: what it had and the new does not is undone
     */
    Completable want(DesiredContainer container, Optional<DesiredContainer> before);

    /** Says that nobody names this container any more. */
    Completable forget(ContainerId container);

    /** How every container of this host stands. */
    Single<List<LiveContainer>> live();

    /** How this container stands now, and whenever that may have changed. Does not end by itself. */
    Flowable<LiveContainer> watch(ContainerId container);

    /** The bridges that there are; empty if Open vSwitch's database cannot be reached. */
    Single<Optional<Set<String>>> bridges();
}
