// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.plan;

/** What must answer after a move. Addresses are text that the kernel prints: no host names. */
public sealed interface ProbeTarget {
    /** The address that is asked. */
    String address();

    /** A router on the link, asked by ARP or neighbour discovery. */
    record Neighbour(String address) implements ProbeTarget {}

    /** A host that must accept a TCP connection. */
    record Tcp(String address, int port) implements ProbeTarget {}

    /** A host that must answer an ICMP echo request. */
    record Echo(String address) implements ProbeTarget {}
}
