// SPDX-License-Identifier: Apache-2.0
/**
 * Copies of the frames that cross a link, packet(7): a ring that the kernel fills (TPACKET_V3) and a program that chooses
 * frames there (classic BPF).
 *
 * <p>{@code BpfProgram} is pure. Contract of the rest: for one thread; only {@code PacketRing.open} waits, for the kernel. The
 * kernel frees a ring when its process ends in any way. Needs CAP_NET_RAW, and CAP_SYS_ADMIN for a link of another
 * namespace.
 */
@NullMarked
package org.opdbus.verticles.kernel.capture;

import org.jspecify.annotations.NullMarked;
