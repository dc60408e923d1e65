// SPDX-License-Identifier: Apache-2.0
/**
 * Packets that the agent itself sends over one link: announcements of addresses as whole frames (packet(7)), and questions to a
 * host (ICMP echo, a TCP connection) that leave by that link and no other.
 *
 * <p>{@code AnnouncementFrames} and {@code EchoMessage} are pure. Contract of the rest: every call blocks for a bounded time.
 */
@NullMarked
package org.opdbus.verticles.kernel.packet;

import org.jspecify.annotations.NullMarked;
