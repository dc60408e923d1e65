// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.machines;

import io.reactivex.rxjava3.disposables.CompositeDisposable;
import io.reactivex.rxjava3.disposables.Disposable;
import java.util.List;
import java.util.Optional;
import org.opdbus.verticles.dbus.service.BusSession;
import org.opdbus.verticles.dbus.service.Face;
import org.opdbus.verticles.dbus.service.ObjectSource;
import org.opdbus.verticles.dbus.service.ObjectTree;

/**
 * A face on whose connection containers are registered, too.
 *
 * @param face what is served
 */
public record RegisteringFace(Face face, MachineRegistry machines) implements Face {
    @Override
    public String busName() {
        return face.busName();
    }

    @Override
    public List<ObjectSource> alone() {
        return face.alone();
    }

    @Override
    public Optional<ObjectTree.Managed> managed() {
        return face.managed();
    }

    @Override
    public Disposable tell(BusSession session) {
        return new CompositeDisposable(face.tell(session), machines.tell(session));
    }

    @Override
    public void dispose() {
        machines.dispose();
        face.dispose();
    }
}
