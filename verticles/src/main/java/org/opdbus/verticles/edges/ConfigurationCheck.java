// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.edges;

import io.reactivex.rxjava3.core.Single;
import org.opdbus.events.ContainerId;
import org.opdbus.events.ProxmoxEvent;

/** Reads Proxmox's configuration of a container again, for a handler that must be sure before it acts. */
@FunctionalInterface
public interface ConfigurationCheck {
    /** Returns the present configuration. Never fails: if the configuration cannot be read, the returned fact says so. */
    Single<ProxmoxEvent> read(ContainerId container);
}
