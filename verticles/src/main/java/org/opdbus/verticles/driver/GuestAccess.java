// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.driver;

import io.reactivex.rxjava3.core.Single;
import org.opdbus.events.ContainerId;

/**
 * Runs programs inside containers.
 *
 * <p>Nothing happens before the subscription. Every failure is a {@link DriverException}; results are emitted on a
 * thread that may block.
 */
public interface GuestAccess {
    /**
     * Runs a command inside a container, with an environment of its own.
     *
     * @return how it ended, with any exit code; fails with {@link DriverException.Reason#WRONG_STATE} if the
     * container does not run
     */
    Single<CommandResult> exec(ContainerId id, Command command);

    /** Returns whether there is a container with this id. */
    Single<Boolean> exists(ContainerId id);
}
