// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.inventory;

import java.util.Optional;
import org.opdbus.events.ContainerId;

/**
 * What the router says of a container after it has looked at it.
 *
 * @param status how it stands; empty if it is gone and nothing of it is left
 */
public record ContainerNews(ContainerId id, Optional<ContainerStatus> status) {}
