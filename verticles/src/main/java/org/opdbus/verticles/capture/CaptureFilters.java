// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.capture;

import java.io.IOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.opdbus.verticles.kernel.capture.BpfProgram;
import org.opdbus.verticles.kernel.connections.TcpTable.Connection;

/** The programs that choose the frames of a capture: not those of its own stream, and those of the user's filter. For one thread. */
final class CaptureFilters {
    private final String text;
    private final int snaplen;
    private final OwnConnections own;
    private final Map<LinkType, BpfProgram> compiled = new EnumMap<>(LinkType.class);
    private Set<Connection> leftOut;

    CaptureFilters(String text, int snaplen, OwnConnections own) throws IOException {
        this.text = text;
        this.snaplen = snaplen;
        this.own = own;
        leftOut = own.find();
    }

    /** Returns the connections that are left out. */
    Set<Connection> leftOut() {
        return leftOut;
    }

    /** Looks for the capture's own connections again; returns whether there are other ones, so that rings need new programs. */
    boolean haveChanged() throws IOException {
        Set<Connection> found = own.find();
        boolean areOthers = !found.equals(leftOut);
        leftOut = found;
        return areOthers;
    }

    /** Returns the program for ports of this type; waits for tcpdump the first time. */
    BpfProgram of(LinkType type) {
        BpfProgram others = compiled.computeIfAbsent(type, this::compile);
        try {
            return OwnStreamFilter.leavingOut(leftOut, type, others);
        } catch (IllegalArgumentException tooLong) {
            throw new CaptureFailure(
                    "the filter is too long together with the " + leftOut.size()
                            + " connections of this capture, which it leaves out; use a shorter filter",
                    tooLong);
        }
    }

    private BpfProgram compile(LinkType type) {
        return text.isBlank()
                ? BpfProgram.keeping(snaplen)
                : FilterCompiler.compile(text, type).keepingAtMost(snaplen);
    }
}
