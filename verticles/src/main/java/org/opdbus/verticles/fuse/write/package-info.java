// SPDX-License-Identifier: Apache-2.0
/**
 * What a program that writes to a file of the tree asks for, and what becomes of it.
 *
 * <p>{@link org.opdbus.verticles.fuse.write.Writes} takes the requests. {@link org.opdbus.verticles.fuse.write.ColumnChange} decides
 * on the change of a column and writes the transaction, and sends nothing.
 *
 * <p>Contract. <b>Who</b>: root alone; the kernel says who writes. <b>What is never changed</b>: what the agent or Proxmox governs
 * and would set again, and the agent's marks. <b>Guard</b>: a transaction fails if the row no longer has the value that the writer
 * saw when it opened the file. <b>Record</b>: each change that is made is a {@code change.requested} before it, with the process that
 * writes. <b>Failure</b>: the error number is the writer's, the reason is in the file {@code .error}, and a warning is in the log.
 */
@NullMarked
package org.opdbus.verticles.fuse.write;

import org.jspecify.annotations.NullMarked;
