// SPDX-License-Identifier: Apache-2.0
/**
 * The source of virtual machines: which machines of qemu run, and which taps of this host's network namespace they hold.
 *
 * <p>It hears of taps from the netlink source. The kernel does not say which process holds a tap, so for a tap that no known
 * machine explains the source looks at the processes of qemu: their descriptors (proc(5), {@code fdinfo}) name the taps, their
 * command line names the machine. A look takes some ten milliseconds of a processor for each thousand processes of the host, on a
 * thread of this package, and looks take a tenth of a processor at most. It is taken only when a tap appears or gets a carrier, and a few times after that with growing pauses, because some
 * programs make the tap long before they start qemu; never periodically, and never at all on a host without taps.
 *
 * <p>Contract. <b>Order</b>: one thread publishes everything about machines, so the events of a machine come in the order in
 * which they happened. <b>Listing</b>: after the first listing of netlink the source publishes every machine that runs, then
 * {@code SourceListed}; later only changes. A machine that is not running does not exist for this source: its end is published as
 * stopped and removed. <b>Failure</b>: if the processes cannot be watched, the source logs that, publishes {@code SourceLost},
 * and tries again.
 *
 * <p>The taps of programs that are not qemu, such as a VPN's, and those of other network namespaces, such as a lab's, are left
 * alone. A tap without a hardware address carries packets and not frames; it is no machine's.
 */
@NullMarked
package org.opdbus.verticles.vm;

import org.jspecify.annotations.NullMarked;
