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

/** The mesh operations of a host on which no container is in a mesh. */
final class NoMesh implements MeshWork {
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
}
