// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.opdbus.verticles.cluster.limits.PeerWarnings;
import org.opdbus.verticles.cluster.wire.SignedMessage.ForgedException;
import org.opdbus.verticles.cluster.wire.Wire;

/**
 * Counts the messages that were refused as forged, since the agent began, and logs them. A member is blamed only for
 * what its own signature proves. Safe for use by any thread.
 */
public final class ForgedMessages {
    private final PeerWarnings warnings;
    private final Map<String, Long> byReason = new ConcurrentHashMap<>();
    private final Map<String, Long> byMember = new ConcurrentHashMap<>();

    ForgedMessages(PeerWarnings warnings) {
        this.warnings = warnings;
    }

    /**
     * Counts a message, and logs it unless one was logged under that name recently.
     *
     * @param name limits the lines in the log
     */
    void refused(ForgedException forged, String name) {
        byReason.merge(forged.reason().name().toLowerCase(Locale.ROOT), 1L, Long::sum);
        if (forged.reason().isProved() && (byMember.containsKey(forged.by()) || byMember.size() < Wire.HOSTS_MAX)) {
            byMember.merge(forged.by(), 1L, Long::sum);
        }
        long all = byReason.values().stream().mapToLong(Long::longValue).sum();
        warnings.warn(
                "forged " + name,
                "cluster.forged by=" + forged.by() + ": a message was refused: " + forged.getMessage() + "; " + all
                        + " messages were refused since the agent began");
    }

    /** Returns how many were refused for each reason, in lower case; without the reasons that never occurred. */
    public Map<String, Long> byReason() {
        return new TreeMap<>(byReason);
    }

    /** Returns how many each member signed in the name of another; without the members that signed none. */
    public Map<String, Long> byMember() {
        return new TreeMap<>(byMember);
    }
}
