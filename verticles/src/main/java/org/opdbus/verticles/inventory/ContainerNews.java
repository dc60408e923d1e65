// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.inventory;

import java.util.Optional;
import org.opdbus.events.ContainerId;

/**
 * The router's news about a container after it has checked it.
 *
 * @param status its status; empty if the container is gone and nothing of it is left
 */
public record ContainerNews(ContainerId id, Optional<ContainerStatus> status) {}
