// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.kernel.netlink.listing;

import java.util.Optional;

/**
 * A rule of policy routing (RTM_NEWRULE, {@code linux/fib_rules.h}): which packets it is for, and what is done with them.
 *
 * @param family the family of the packets
 * @param priority rules are tried in ascending order
 * @param action FR_ACT_*: 1 looks in {@code table}
 * @param table the table to look in, or 0
 * @param goTo the priority of the rule to go on with, for the action FR_ACT_GOTO
 * @param protocol RTPROT_*: who made it
 * @param isInverted whether it is for all other packets
 * @param source the network of the senders, if it is not for all
 * @param destination the network of the receivers, if it is not for all
 * @param inputLink the name of the link that the packet came by, or empty
 * @param outputLink the name of the link to which its socket is bound, or empty
 * @param mark the packet's mark and the mask for it, as {@code 0x1/0xff}, if it is for some marks
 * @param tos the type of service that it is for, or 0
 * @param ipProtocol the number of the protocol above IP, if it is for one
 * @param sourcePorts the ports of the senders, as {@code 1000-2000}, if it is for some
 * @param destinationPorts the ports of the receivers, if it is for some
 * @param users the ids of the users whose sockets it is for, as {@code 1000-1000}, if it is for some
 * @param suppressedPrefix the table's routes with a prefix of at most this length are not used; -1 for none
 * @param isMasterTable whether the table is that of the VRF to which the link belongs (FRA_L3MDEV)
 */
public record ListedRule(
        IpFamily family,
        long priority,
        int action,
        long table,
        Optional<Long> goTo,
        int protocol,
        boolean isInverted,
        Optional<String> source,
        Optional<String> destination,
        String inputLink,
        String outputLink,
        Optional<String> mark,
        int tos,
        Optional<Integer> ipProtocol,
        Optional<String> sourcePorts,
        Optional<String> destinationPorts,
        Optional<String> users,
        int suppressedPrefix,
        boolean isMasterTable) {}
