// SPDX-License-Identifier: Apache-2.0
/**
 * The ways to Docker and Podman: the API on their sockets ({@link org.opdbus.verticles.driver.engine.EngineConnection}), with limits for
 * everything that comes from there, and their own commands, which run programs inside containers.
 */
@NullMarked
package org.opdbus.verticles.driver.engine;

import org.jspecify.annotations.NullMarked;
