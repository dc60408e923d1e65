// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lxc;

import io.reactivex.rxjava3.core.Single;
import java.util.function.Function;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.edges.ContainerCheck;

/** Joins the reconciler's second look to the LXC source's fresh answer. */
public final class LxcPresence implements ContainerCheck {
    private final Function<ContainerId, Single<Observed>> observe;

    public LxcPresence(Function<ContainerId, Single<Observed>> observe) {
        this.observe = observe;
    }

    @Override
    public Single<Presence> presence(ContainerId container) {
        return observe.apply(container).map(LxcPresence::presenceOf);
    }

    private static Presence presenceOf(Observed observed) {
        if (observed instanceof Observed.Running) {
            return Presence.RUNNING;
        }
        return observed instanceof Observed.Stopped ? Presence.GONE : Presence.UNKNOWN;
    }
}
