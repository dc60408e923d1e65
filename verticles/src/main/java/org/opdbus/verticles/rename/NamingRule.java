// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.rename;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.regex.Pattern;
import org.opdbus.events.ContainerId;
import org.opdbus.events.Link;
import org.opdbus.events.LinkName;
import org.opdbus.verticles.plan.LinkNames;

/**
 * Determines the name of the n-th link of a container: {@code vi100}, {@code vi100i1}, ….
 *
 * <p>A name that would be longer than 15 bytes, hold bytes that no link name can, or read as the further link of
 * another container ({@code vi100i1} for a container called {@code 100i1}) is shortened and ends in a hash of the
 * container's id instead. Equal arguments give equal names; different containers get different ones but for a
 * collision of 32 bits of SHA-256, which the planner notices and refuses.
 */
public final class NamingRule implements LinkNames {
    private static final Pattern LOOKS_LIKE_FURTHER_LINK = Pattern.compile(".*i[0-9]+");
    private static final int HASH_DIGITS = 8;

    private final String template;

    /** Creates a rule for a template that contains {@code {id}}. */
    public NamingRule(String template) {
        if (!template.contains("{id}")) {
            throw new IllegalArgumentException("naming template \"" + template + "\" lacks {id}");
        }
        this.template = template;
    }

    @Override
    public Map<Link, Integer> slots(
            List<Link> links, IntFunction<LinkName> nameOf, Function<Link, List<String>> formerNames) {
        return Slots.assign(links, nameOf, formerNames);
    }

    @Override
    public LinkName nameFor(ContainerId container, int slot) {
        String suffix = slot == 0 ? "" : "i" + slot;
        String plain = template.replace("{id}", container.own());
        String full = plain + suffix;
        if (LinkName.isValid(full)
                && !LOOKS_LIKE_FURTHER_LINK.matcher(container.own()).matches()) {
            return new LinkName(full);
        }
        String tail = "-" + hash(plain) + suffix;
        return new LinkName(start(plain, LinkName.BYTES_MAX - tail.length()) + tail);
    }

    /** Returns as many leading characters as are valid in a link name, at most this many. */
    private static String start(String plain, int bytesMax) {
        StringBuilder start = new StringBuilder();
        plain.chars()
                .filter(c -> c < 128 && (Character.isLetterOrDigit(c) || c == '.' || c == '_' || c == '-'))
                .limit(Math.max(0, bytesMax))
                .forEach(c -> start.append((char) c));
        return start.toString();
    }

    private static String hash(String plain) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(plain.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, HASH_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
