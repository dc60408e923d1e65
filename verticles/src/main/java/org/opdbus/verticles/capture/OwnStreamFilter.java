// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.capture;

import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.opdbus.verticles.kernel.capture.BpfProgram;
import org.opdbus.verticles.kernel.capture.BpfProgram.Instruction;
import org.opdbus.verticles.kernel.connections.TcpTable.Connection;

/**
 * Leaves the frames of some TCP connections out of a capture, in both directions: a beginning for a filter program, which returns 0
 * for them and goes on behind its end for all other frames.
 *
 * <p>A connection is known by its addresses and ports. In front of them may be an Ethernet header, with one VLAN tag or without. Not
 * left out are frames that are too short, later fragments, and IPv6 with extension headers.
 */
final class OwnStreamFilter {
    private static final int LOAD_WORD_AT_X = 0x40;
    private static final int LOAD_HALF = 0x28;
    private static final int LOAD_HALF_AT_X = 0x48;
    private static final int LOAD_BYTE_AT_X = 0x50;
    private static final int LOAD_LENGTH = 0x80;
    private static final int LOAD_X = 0x01;
    private static final int LOAD_X_FROM_MEMORY = 0x61;
    private static final int STORE_X = 0x03;
    private static final int ADD = 0x04;
    private static final int ADD_X = 0x0c;
    private static final int AND = 0x54;
    private static final int SHIFT_LEFT = 0x64;
    private static final int SHIFT_RIGHT = 0x74;
    private static final int A_TO_X = 0x07;
    private static final int X_TO_A = 0x87;
    private static final int JUMP = 0x05;
    private static final int IF_EQUAL = 0x15;
    private static final int IF_AT_LEAST = 0x35;
    private static final int IF_AT_LEAST_X = 0x3d;
    private static final int IF_ANY_BIT = 0x45;
    private static final int RETURN = 0x06;

    /** Cells of the program's memory. */
    private static final int NETWORK = 0;

    private static final int TRANSPORT = 1;

    private static final int TCP = 6;
    private static final int PORTS_BYTES = 4;
    private static final int IPV6_BYTES = 40;
    /** A shorter frame has no TCP header, even if its IP header names TCP. */
    private static final int SHORTEST_BYTES = 40;

    private static final int ETHERNET_BYTES = 14;
    private static final int TAG_BYTES = 4;
    private static final int TYPE_AT = 12;
    /** Stands for the end until the program is complete. */
    private static final int TO_END = -1;

    private final List<Instruction> program = new ArrayList<>();

    private OwnStreamFilter() {}

    /**
     * Returns the program for frames of this type.
     *
     * @param others decides about the frames of all other connections
     */
    static BpfProgram leavingOut(Collection<Connection> connections, LinkType type, BpfProgram others) {
        if (connections.isEmpty()) {
            return others;
        }
        OwnStreamFilter made = new OwnStreamFilter();
        boolean isEthernet = type == LinkType.ETHERNET;
        made.continueIf(LOAD_LENGTH, 0, IF_AT_LEAST, SHORTEST_BYTES + (isEthernet ? ETHERNET_BYTES : 0));
        if (isEthernet) {
            made.ethernetType();
        } else {
            made.version();
        }
        OwnStreamFilter ipv4 = new OwnStreamFilter();
        ipv4.ipv4(connections.stream().filter(OwnStreamFilter::isIpv4).toList());
        made.add(IF_EQUAL, 1, 0, isEthernet ? 0x0800 : 4);
        made.add(JUMP, 0, 0, ipv4.program.size());
        made.program.addAll(ipv4.program);
        made.add(IF_EQUAL, 1, 0, isEthernet ? 0x86dd : 6);
        made.add(JUMP, 0, 0, TO_END);
        made.ipv6(connections.stream().filter(one -> !isIpv4(one)).toList());
        return made.complete().then(others);
    }

    private static boolean isIpv4(Connection connection) {
        return connection.local().getAddress() instanceof Inet4Address;
    }

    private void add(int code, int ifTrue, int ifFalse, int constant) {
        program.add(new Instruction(code, ifTrue, ifFalse, constant));
    }

    private void add(int code, int constant) {
        add(code, 0, 0, constant);
    }

    /** Loads a value, and jumps to the end if it is not as wanted. */
    private void continueIf(int load, int at, int test, int wanted) {
        add(load, at);
        add(test, 1, 0, wanted);
        add(JUMP, TO_END);
    }

    /** Puts the type of an Ethernet frame into A, and the offset of what follows into X and memory. */
    private void ethernetType() {
        add(LOAD_HALF, TYPE_AT);
        add(IF_EQUAL, 1, 0, 0x8100);
        add(IF_EQUAL, 0, 3, 0x88a8);
        add(LOAD_HALF, TYPE_AT + TAG_BYTES);
        add(LOAD_X, ETHERNET_BYTES + TAG_BYTES);
        add(JUMP, 1);
        add(LOAD_X, ETHERNET_BYTES);
        add(STORE_X, NETWORK);
    }

    /** Puts the version of IP into A. */
    private void version() {
        add(LOAD_X, 0);
        add(STORE_X, NETWORK);
        add(LOAD_BYTE_AT_X, 0);
        add(SHIFT_RIGHT, 4);
    }

    /** With X at the IPv4 header (RFC 791). */
    private void ipv4(List<Connection> connections) {
        add(LOAD_HALF_AT_X, 6);
        add(IF_ANY_BIT, 0, 1, 0x1fff);
        add(JUMP, TO_END);
        continueIf(LOAD_BYTE_AT_X, 9, IF_EQUAL, TCP);
        add(LOAD_BYTE_AT_X, 0);
        add(AND, 0x0f);
        add(SHIFT_LEFT, 2);
        add(ADD_X, 0);
        add(A_TO_X, 0);
        add(STORE_X, TRANSPORT);
        add(ADD, PORTS_BYTES);
        add(A_TO_X, 0);
        continueIf(LOAD_LENGTH, 0, IF_AT_LEAST_X, 0);
        for (Connection each : connections) {
            ipv4(each.local(), each.peer());
            ipv4(each.peer(), each.local());
        }
        add(JUMP, TO_END);
    }

    private void ipv4(InetSocketAddress from, InetSocketAddress to) {
        add(LOAD_X_FROM_MEMORY, NETWORK);
        add(LOAD_WORD_AT_X, 12);
        add(IF_EQUAL, 0, 6, word(from, 0));
        add(LOAD_WORD_AT_X, 16);
        add(IF_EQUAL, 0, 4, word(to, 0));
        add(LOAD_X_FROM_MEMORY, TRANSPORT);
        add(LOAD_WORD_AT_X, 0);
        add(IF_EQUAL, 0, 1, ports(from, to));
        add(RETURN, 0);
    }

    /** The IPv6 header (RFC 8200). */
    private void ipv6(List<Connection> connections) {
        add(LOAD_X_FROM_MEMORY, NETWORK);
        add(X_TO_A, 0);
        add(ADD, IPV6_BYTES + PORTS_BYTES);
        add(A_TO_X, 0);
        continueIf(LOAD_LENGTH, 0, IF_AT_LEAST_X, 0);
        add(LOAD_X_FROM_MEMORY, NETWORK);
        continueIf(LOAD_BYTE_AT_X, 6, IF_EQUAL, TCP);
        for (Connection each : connections) {
            ipv6(each.local(), each.peer());
            ipv6(each.peer(), each.local());
        }
    }

    private void ipv6(InetSocketAddress from, InetSocketAddress to) {
        int left = 18;
        for (int i = 0; i < 8; i++) {
            add(LOAD_WORD_AT_X, 8 + i * Integer.BYTES);
            left -= 2;
            add(IF_EQUAL, 0, left + 1, word(i < 4 ? from : to, i % 4));
        }
        add(LOAD_WORD_AT_X, IPV6_BYTES);
        add(IF_EQUAL, 0, 1, ports(from, to));
        add(RETURN, 0);
    }

    private static int word(InetSocketAddress address, int number) {
        return ByteBuffer.wrap(address.getAddress().getAddress()).getInt(number * Integer.BYTES);
    }

    private static int ports(InetSocketAddress from, InetSocketAddress to) {
        return (from.getPort() << Short.SIZE) | to.getPort();
    }

    private BpfProgram complete() {
        List<Instruction> all = new ArrayList<>();
        for (int i = 0; i < program.size(); i++) {
            Instruction each = program.get(i);
            all.add(
                    each.code() == JUMP && each.constant() == TO_END
                            ? new Instruction(JUMP, 0, 0, program.size() - i - 1)
                            : each);
        }
        return new BpfProgram(all);
    }
}
