// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lxc;

import java.util.OptionalLong;

/**
 * Where a monitor listens.
 *
 * @param name the abstract socket's name without its leading zero
 * @param inode tells a monitor from a later one of the same name; empty if the socket is known by its name only
 */
record CommandSocket(String name, OptionalLong inode) {}
