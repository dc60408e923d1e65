// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lxc;

/**
 * The options of the LXC source.
 *
 * @param lxcPath the folder that holds the containers' definitions; it need not exist yet
 * @param relistMs the interval between full listings; they are the safety net, not the mechanism
 * @param answerMs the time limit for a monitor's answer; a monitor that is still starting its
 * container does not answer
 */
public record LxcOptions(String lxcPath, long relistMs, long answerMs) {
    public LxcOptions {
        if (!lxcPath.startsWith("/")) {
            throw new IllegalArgumentException("lxc.path must be absolute: " + lxcPath);
        }
        if (relistMs < 100 || answerMs < 1) {
            throw new IllegalArgumentException("relistMs must be at least 100 and answerMs at least 1");
        }
        lxcPath = lxcPath.length() > 1 && lxcPath.endsWith("/") ? lxcPath.substring(0, lxcPath.length() - 1) : lxcPath;
    }

    /** The defaults for this path: a full listing once a minute, and two seconds for an answer. */
    public static LxcOptions of(String lxcPath) {
        return new LxcOptions(lxcPath, 60_000, 2_000);
    }
}
