// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.driver.engine;

import io.reactivex.rxjava3.core.Single;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.driver.Command;
import org.opdbus.verticles.driver.CommandResult;
import org.opdbus.verticles.driver.DriverException;
import org.opdbus.verticles.driver.DriverException.Reason;
import org.opdbus.verticles.driver.GuestAccess;

/** Runs programs inside containers of every kind, each with the tools of its kind. */
public record GuestsOfKinds(GuestAccess lxc, GuestAccess docker, GuestAccess podman) implements GuestAccess {
    @Override
    public Single<CommandResult> exec(ContainerId id, Command command) {
        return switch (id.kind()) {
            case LXC -> lxc.exec(id, command);
            case DOCKER -> docker.exec(id, command);
            case PODMAN -> podman.exec(id, command);
            case VM -> Single.error(noContainer(id));
        };
    }

    @Override
    public Single<Boolean> exists(ContainerId id) {
        return switch (id.kind()) {
            case LXC -> lxc.exists(id);
            case DOCKER -> docker.exists(id);
            case PODMAN -> podman.exists(id);
            case VM -> Single.error(noContainer(id));
        };
    }

    private static DriverException noContainer(ContainerId id) {
        return new DriverException(
                Reason.INVALID,
                id + " is a virtual machine, and no container",
                "nothing can be run in it from outside");
    }
}
