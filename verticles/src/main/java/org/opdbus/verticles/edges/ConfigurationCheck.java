// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.edges;

import io.reactivex.rxjava3.core.Single;
import org.opdbus.events.ContainerId;
import org.opdbus.events.ProxmoxEvent;

/** Reads Proxmox's configuration of a container anew, for those who must be sure before they act. */
@FunctionalInterface
public interface ConfigurationCheck {
    /** What it says right now. Never fails: what cannot be read is told as such. */
    Single<ProxmoxEvent> read(ContainerId container);
}
