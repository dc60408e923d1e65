// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.confirm;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.opdbus.verticles.kernel.UnixPeers;
import org.opdbus.verticles.uplink.plan.UplinkFailure;
import org.opdbus.verticles.uplink.plan.UplinkRefusal;

/**
 * The process that confirms a move: this one, or one that is connected to the agent's control socket, as the kernel says. A caller
 * only says which of these processes it is. Any thread may use it; each question blocks for some milliseconds.
 */
public final class ConfirmingCaller {
    private final Path controlSocket;

    /** Creates it for the callers of this socket, on which this process listens or does not. */
    public ConfirmingCaller(Path controlSocket) {
        this.controlSocket = controlSocket;
    }

    /**
     * Returns the connection by which the caller is logged in, in words for people.
     *
     * @param pid the number of its process
     * @throws UplinkRefusal if it has none that was opened after the move, or is no caller
     */
    public String evidence(long pid, Instant moved) {
        if (pid != ProcessHandle.current().pid() && !isConnected(pid)) {
            throw new UplinkRefusal(List.of(new UplinkRefusal.Reason(
                    "process " + pid + " is not connected to the agent",
                    "run op-dbus uplink confirm in the process namespace of the agent")));
        }
        return ConnectionEvidence.of(pid, moved);
    }

    private boolean isConnected(long pid) {
        try {
            return UnixPeers.of(controlSocket).contains(pid);
        } catch (IOException failure) {
            throw new UplinkFailure("the callers of " + controlSocket + " cannot be found out: " + failure, failure);
        }
    }
}
