// SPDX-License-Identifier: Apache-2.0
/**
 * Knows the programs that configure the host's network at boot: finds the one that this host uses, and says what its files must
 * contain after a move, and how the program lets go of the link and takes the bridge.
 *
 * <p>Contract. It reads files and changes nothing: what it returns are steps. What it does not understand it refuses, with the
 * place. Outside of what it must change, a file stays byte for byte. Reading waits for the disk.
 */
@NullMarked
package org.opdbus.verticles.uplink.manager;

import org.jspecify.annotations.NullMarked;
