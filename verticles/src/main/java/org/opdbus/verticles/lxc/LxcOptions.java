// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lxc;

/**
 * What the LXC source is told.
 *
 * @param lxcPath the folder that holds the containers' definitions; it need not exist yet
 * @param relistMs how often everything is listed anew: the safety net, not the mechanism
 * @param answerMs how long a container's monitor may take to answer a question; a monitor that is still starting its
 *     container does not answer
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

    /** This path; everything is listed once a minute, and an answer may take two seconds. */
    public static LxcOptions of(String lxcPath) {
        return new LxcOptions(lxcPath, 60_000, 2_000);
    }
}
