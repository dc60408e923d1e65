// SPDX-License-Identifier: Apache-2.0
/**
 * The agent's configuration: a file becomes validated records, once.
 *
 * <p>{@link org.opdbus.config.ConfigLoader} turns a file into an {@link org.opdbus.config.AgentConfig}, or into a
 * {@link org.opdbus.config.json.ConfigException} that names every problem in it. The records hold the defaults and
 * the limits: one that exists is valid. There is no shared state, so any thread may make every call; loading blocks
 * on the file.
 */
@NullMarked
package org.opdbus.config;

import org.jspecify.annotations.NullMarked;
