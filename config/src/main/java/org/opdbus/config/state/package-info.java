// SPDX-License-Identifier: Apache-2.0
/**
 * The desired state: the containers and virtual machines in a state file, as validated records.
 *
 * <p>{@link org.opdbus.config.state.StateLoader} turns a file or a text into a {@link
 * org.opdbus.config.state.DesiredState}, or into a {@link org.opdbus.config.json.ConfigException} that names every
 * problem in it; {@link org.opdbus.config.state.StateWriter} writes one. docs/STATE.md explains every key. The
 * records are immutable, and one that exists is valid.
 */
@NullMarked
package org.opdbus.config.state;

import org.jspecify.annotations.NullMarked;
