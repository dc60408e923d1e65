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
 * Creates, changes, starts, stops and destroys the containers of this host.
 *
 * <p>Nothing happens before the subscription. Every failure is a {@link DriverException}; results are emitted on a
 * thread that may block. The caller must run the operations on one container one after the other.
 */
public interface ContainerDriver extends GuestAccess {
    /**
     * Creates a stopped container. If it fails, nothing is left, with one exception: if Proxmox is ended at the limit
     * of half an hour, parts may be left, and the failure says so.
     *
     * <p>Fails with {@link DriverException.Reason#ALREADY_EXISTS} if there is one with this id, and with {@link
     * DriverException.Reason#INVALID}, before anything is done, if it requests a feature that this driver does not
     * have.
     */
    Completable create(NewContainer request);

    /** Starts a container and waits until it runs; does nothing if it runs already. */
    Completable start(ContainerId id);

    /** Asks a container to stop, and forces it after a time of grace; does nothing if it is stopped. */
    Completable stop(ContainerId id, Duration grace);

    /**
     * Destroys a container and its files, permanently.
     *
     * <p>Fails with {@link DriverException.Reason#WRONG_STATE} if it runs. A missing container is an error too,
     * because it shows that another program works on it.
     */
    Completable destroy(ContainerId id);

    /**
     * Changes the configuration, and the running container where possible.
     *
     * @return the keys that take effect only at the next start of the container; empty if it is stopped
     */
    Single<Set<String>> set(ContainerId id, PropertyChanges changes);

    /** Returns the existing containers, sorted by id. */
    Single<List<ContainerId>> list();

    /** Returns the present configuration of a container; empty if there is none. */
    Maybe<ContainerDescription> describe(ContainerId id);
}
