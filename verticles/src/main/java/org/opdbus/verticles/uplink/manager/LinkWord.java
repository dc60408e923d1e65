// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.manager;

import java.util.regex.Pattern;

/** Finds the name of a link in a text that names it, a link above it ({@code eth0.5}) or a label of it ({@code eth0:1}). Pure. */
final class LinkWord {
    private LinkWord() {}

    /** Returns whether the text names the link. */
    static boolean in(String text, String link) {
        return text.contains(link)
                && Pattern.compile("(?<![A-Za-z0-9_-])" + Pattern.quote(link) + "(?![A-Za-z0-9_-])")
                        .matcher(text)
                        .find();
    }
}
