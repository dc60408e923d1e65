// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.control;

import java.nio.file.Path;
import org.opdbus.verticles.limits.ByteBudget;

/**
 * Where the agent answers requests.
 *
 * @param socket the unix socket
 * @param host this host's name
 * @param budget the limit of what is held for callers
 */
public record ControlOptions(Path socket, String host, ByteBudget budget) {}
