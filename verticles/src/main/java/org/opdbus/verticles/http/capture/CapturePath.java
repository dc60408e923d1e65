// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.capture;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A path that Wireshark's plug-in for captures asks for. The plug-in appends it to the URL that its user gives, and can send no
 * header of its user. So the token may be the first part of the path: {@code /TOKEN/capture}.
 *
 * @param isStream whether it is a capture itself, and not the list of what can be captured
 * @param token the token in the path; empty if there is none
 */
record CapturePath(boolean isStream, Optional<String> token) {
    private static final Pattern PATH =
            Pattern.compile("(?:/([A-Za-z0-9._~-]{1,256}))?(?:/(capture)|/(?:discover/)?mobyshark)");

    /** Returns what a path asks for; empty if it is no path of captures. */
    static Optional<CapturePath> of(String path) {
        Matcher matcher = PATH.matcher(path);
        return matcher.matches()
                ? Optional.of(new CapturePath(
                        matcher.group(2) != null,
                        Optional.ofNullable(matcher.group(1)).filter(first -> !first.equals("discover"))))
                : Optional.empty();
    }

    /** Omits the token. */
    @Override
    public String toString() {
        return isStream ? "/capture" : "/mobyshark";
    }
}
