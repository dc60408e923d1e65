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

/** What carrying out a state needs of those who bring containers into meshes. May be called from any thread. */
public interface MeshWork {
    /** Nobody is brought into a mesh, nor looked for in one. */
    MeshWork NONE = new NoMesh();

    /** Whether this container is to be in a mesh. */
    boolean isWanted(DesiredContainer container);

    /** Makes sure that there is a token for a container that is to be in a mesh, before anything is done. */
    Completable check(DesiredContainer container);

    /** Looks at a container at once, because what is wanted for it has changed. */
    Completable look(ContainerId container);

    /**
     * Takes a container out of its mesh, if it is in one. Does not fail, and takes a limited time.
     *
     * @return whether nothing of it is left on a server; what is left is removed later
     */
    Single<Boolean> leave(ContainerId container);

    /** How the running containers stand that are to be in a mesh. */
    Single<List<MeshStanding>> standings();

    /** The hosts that are left behind on servers and wait to be removed, by the container that each was. */
    Single<Map<ContainerId, List<String>>> leftBehind();

    /** How this container stands now, and whenever that may have changed. Does not end by itself. */
    Flowable<MeshStanding> watch(ContainerId container);
}
