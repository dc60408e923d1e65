// SPDX-License-Identifier: Apache-2.0
/**
 * The lines of labs ({@code a2b}): a program of its own, one process a lab, that takes the frames of one TAP, and gives them to
 * another one later, slower, or not at all.
 *
 * <p>{@code LineOrder} and {@code LineAnswer} are the files by which the agent and that process understand each other; the agent uses
 * these, and {@code LinesProgram} only by name. Contract: each line has one thread; {@code FrameQueue} and {@code LineDirection} belong
 * to it. One more thread watches the files. What waits is bounded for each direction and for the process.
 */
@NullMarked
package org.opdbus.verticles.lab.line;

import org.jspecify.annotations.NullMarked;
