// SPDX-License-Identifier: Apache-2.0
/**
 * Files to validated records: the agent's configuration, read once.
 *
 * <p>{@link org.opdbus.config.ConfigLoader} turns a file into an {@link org.opdbus.config.AgentConfig}, or into a {@link
 * org.opdbus.config.json.ConfigException} that names everything that is wrong with it. The records hold the defaults and the
 * limits: one that exists is valid. Nothing here is shared or kept, so every call may be made on any thread; loading
 * blocks on the file.
 */
@NullMarked
package org.opdbus.config;

import org.jspecify.annotations.NullMarked;
