// SPDX-License-Identifier: Apache-2.0
/**
 * What the file system shows: folders, files and symbolic links that are made from the inventory and the rows of Open vSwitch's
 * database when a reader asks.
 *
 * <p>Contract. Nothing here knows the kernel's protocol; {@code fuse} joins the two. Nodes never change, so any thread may keep
 * and read them; a later question returns other nodes. The number of a node stays the same for as long as the object that it
 * shows exists, and no other object ever has it while the agent runs.
 */
@NullMarked
package org.opdbus.verticles.fuse.tree;

import org.jspecify.annotations.NullMarked;
