// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.control;

import java.nio.file.Path;
import org.opdbus.verticles.limits.ByteBudget;

/**
 * Where the agent can be asked.
 *
 * @param socket the unix socket
 * @param host this host's name
 * @param budget what may be held for callers
 */
public record ControlOptions(Path socket, String host, ByteBudget budget) {}
