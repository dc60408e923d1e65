// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.schedulers.Schedulers;
import io.vertx.rxjava3.core.AbstractVerticle;

/** Shows the host as files while the agent runs. Neither a failing mount nor a slow reader holds the agent up. */
public final class FuseVerticle extends AbstractVerticle {
    private final KeptMount mount;

    public FuseVerticle(KeptMount mount) {
        this.mount = mount;
    }

    /** Begins to mount, and does not wait for it. */
    @Override
    public Completable rxStart() {
        return Completable.fromAction(mount::start);
    }

    /** Unmounts. */
    @Override
    public Completable rxStop() {
        return Completable.fromAction(mount::close).subscribeOn(Schedulers.io());
    }
}
