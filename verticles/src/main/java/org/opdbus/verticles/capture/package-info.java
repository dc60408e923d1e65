// SPDX-License-Identifier: Apache-2.0
/**
 * Captures of the frames that cross links of one network namespace, written as pcapng.
 *
 * <p>{@code CaptureSession} opens a ring for each port and runs until it is told to end, has enough frames, or has no port left.
 * It runs in the process of the command that wants the capture: a capture that takes memory or time takes its own. In the agent it
 * runs for callers over HTTP only, with small rings. {@code PcapngWriter}, {@code FilterText} and {@code OwnStreamFilter} are pure. Contract of the rest: for one thread, which
 * may wait for the reader of the capture; meanwhile the kernel drops what its rings have no room for, and counts it.
 */
@NullMarked
package org.opdbus.verticles.capture;

import org.jspecify.annotations.NullMarked;
