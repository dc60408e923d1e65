// SPDX-License-Identifier: Apache-2.0
/**
 * Keeps the way back of a move on disk, so that it is taken even if the agent, or the whole host, dies in the middle of the move.
 *
 * <p>Start from {@link org.opdbus.verticles.uplink.wayback.MoveFolder}. Contract. <b>Durability</b>: the plan, the script of the way
 * back and its alarm are on disk and armed before {@code begin} returns. <b>One way back</b>: everything that undoes a move runs the
 * same script, {@code undo.sh}, which needs no agent. <b>Threads</b>: each method may wait for the disk or a program, so call it on
 * a thread that may block; the folder may be used by several threads and processes at once. <b>Failure</b>: a folder that cannot be
 * read is an error that names the file; it concerns moves only, never a container.
 */
@NullMarked
package org.opdbus.verticles.uplink.wayback;

import org.jspecify.annotations.NullMarked;
