// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker;

import io.reactivex.rxjava3.disposables.Disposable;
import java.nio.file.Path;
import java.util.Optional;
import org.opdbus.verticles.kernel.GuestRoot;

/** A container that runs or did, and what is under way with it. Belongs to one thread. */
final class MeshContainer {
    long initPid;
    long watchedPid;
    Optional<Path> rootfs = Optional.empty();
    boolean leaving;
    boolean again;
    MeshState state = MeshState.fresh(0);
    Disposable work = Disposable.disposed();
    Disposable timer = Disposable.disposed();
    Disposable settling = Disposable.disposed();

    /** Ends what is under way. */
    void rest() {
        again = false;
        work.dispose();
        timer.dispose();
        settling.dispose();
    }

    /** Where its files can be reached, if anywhere. */
    Optional<Path> root() {
        return initPid == 0 ? rootfs : Optional.of(GuestRoot.pathOf(initPid));
    }
}
