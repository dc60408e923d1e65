// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.driver;

import io.reactivex.rxjava3.core.Completable;
import io.reactivex.rxjava3.core.Maybe;
import io.reactivex.rxjava3.core.Single;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.opdbus.events.ContainerId;

/**
 * What creates, changes, starts, stops and destroys the containers of this host.
 *
 * <p>Nothing happens before the subscription. Everything fails with {@link DriverException} only, and is emitted on a
 * thread that may wait. The operations on one container are to be made one after the other.
 */
public interface ContainerDriver {
    /**
     * Creates a container that is stopped. If it fails, nothing is left behind; only what Proxmox was ended amid, past
     * the limit of half an hour, may be, and the failure says so.
     *
     * <p>Fails with {@link DriverException.Reason#ALREADY_EXISTS} if there is one of this id, and with {@link
     * DriverException.Reason#INVALID}, before anything is done, if it asks for what this driver does not have.
     */
    Completable create(NewContainer request);

    /** Starts a container and waits until it runs; one that runs already is left as it is. */
    Completable start(ContainerId id);

    /** Asks a container to stop, and after a time of grace makes it; one that is stopped is left as it is. */
    Completable stop(ContainerId id, Duration grace);

    /**
     * Destroys a container and its files, for good.
     *
     * <p>Fails with {@link DriverException.Reason#WRONG_STATE} if it runs. One that does not exist is an error too: it
     * tells two hands at work.
     */
    Completable destroy(ContainerId id);

    /**
     * Changes what is configured, live where that can be.
     *
     * @return the keys that take effect only when the container is started next; empty if it is stopped
     */
    Single<Set<String>> set(ContainerId id, PropertyChanges changes);

    /**
     * Runs a command inside a container, with an environment of its own.
     *
     * @return how it ended, whatever its exit code; fails with {@link DriverException.Reason#WRONG_STATE} if the
     *     container does not run
     */
    Single<CommandResult> exec(ContainerId id, Command command);

    /** Whether there is a container of this id. */
    Single<Boolean> exists(ContainerId id);

    /** The containers that there are, sorted by id. */
    Single<List<ContainerId>> list();

    /** What is configured for a container now; empty if there is none. */
    Maybe<ContainerDescription> describe(ContainerId id);
}
