// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lxc;

import java.util.OptionalLong;

/**
 * The socket on which a monitor listens.
 *
 * @param name the abstract socket's name without its leading zero
 * @param inode distinguishes a monitor from a later one of the same name; empty if only the name of
 * the socket is known
 */
record CommandSocket(String name, OptionalLong inode) {}
