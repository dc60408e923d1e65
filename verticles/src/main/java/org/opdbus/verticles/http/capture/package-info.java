// SPDX-License-Identifier: Apache-2.0
/**
 * Captures over HTTP, in the form that Wireshark's plug-in cshargextcap reads: a list of what can be captured, and a WebSocket
 * with pcapng for each capture.
 *
 * <p>{@code CaptureFace} runs on the event loop of HTTP and only starts the rest. Each capture has a thread of its own, which
 * waits for the kernel and for its reader; so a slow reader makes the kernel drop frames, and count them. There are few captures
 * at once, and each holds little: its rings, a buffer, and a few pieces that are on their way. The classes are loaded by the first
 * request.
 */
@NullMarked
package org.opdbus.verticles.http.capture;

import org.jspecify.annotations.NullMarked;
