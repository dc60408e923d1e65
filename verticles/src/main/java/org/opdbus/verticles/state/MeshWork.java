// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.state;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Flowable;
import io.reactivex.rxjava3.core.Single;
import java.util.List;
import java.util.Map;
import org.opdbus.config.state.DesiredContainer;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.inventory.MeshStanding;

/** The operations of the mesh code that an apply needs. Any thread may call it. */
public interface MeshWork {
    /** Returns an implementation for a host on which no container is in a mesh. */
    MeshWork NONE = new MeshWork() {
        @Override
        public boolean isWanted(DesiredContainer container) {
            return false;
        }

        @Override
        public Completable check(DesiredContainer container) {
            return Completable.complete();
        }

        @Override
        public Completable look(ContainerId container) {
            return Completable.complete();
        }

        @Override
        public Single<Boolean> leave(ContainerId container) {
            return Single.just(true);
        }

        @Override
        public Single<List<MeshStanding>> standings() {
            return Single.just(List.of());
        }

        @Override
        public Single<Map<ContainerId, List<String>>> leftBehind() {
            return Single.just(Map.of());
        }

        @Override
        public Flowable<MeshStanding> watch(ContainerId container) {
            return Flowable.never();
        }
    };

    /** Returns whether this container must be in a mesh. */
    boolean isWanted(DesiredContainer container);

    /** Checks that there is a token for a container that must be in a mesh, before anything is done. */
    Completable check(DesiredContainer container);

    /** Checks a container at once, because its wanted state has changed. */
    Completable look(ContainerId container);

    /**
     * Removes a container from its mesh, if it is in one. Does not fail, and takes a limited time.
     *
     * @return whether nothing of it is left on a server; what is left is removed later
     */
    Single<Boolean> leave(ContainerId container);

    /** Returns the status of the running containers that must be in a mesh. */
    Single<List<MeshStanding>> standings();

    /** Returns the hosts that are left behind on servers and wait to be removed, by the container of each. */
    Single<Map<ContainerId, List<String>>> leftBehind();

    /** Emits the present status of this container, and again whenever it may have changed. Does not end by itself. */
    Flowable<MeshStanding> watch(ContainerId container);
}
