// SPDX-License-Identifier: Apache-2.0
package org.opdbus.config;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.opdbus.config.json.JsonValues;
import org.opdbus.config.json.Limit;
import org.opdbus.events.LinkName;

/**
 * How the agent names a container's link.
 *
 * @param template the name of the first link, with {@code {id}} in the place of the container's id
 */
public record NamingConfig(String template, Mode mode) {
    /** How the agent applies the name. */
    public enum Mode {
        /** Rename links that plain LXC made; give Proxmox's an alternative name, because it finds them by their own. */
        AUTO,
        /** The agent renames the link. */
        RENAME,
        /** The link keeps its name and gets ours as an alternative name. */
        ALTNAME,
        /** The agent changes no names. */
        OFF
    }

    /** The place of the container's id in a template. */
    public static final String ID = "{id}";

    /**
     * The largest number of bytes besides the id: they leave room for an id of seven, or for a hash that
     * distinguishes long ids.
     */
    public static final int FIXED_BYTES_MAX = LinkName.BYTES_MAX - 7;

    static final Limit<String> TEMPLATE = NamingConfig::templateViolation;

    public NamingConfig {
        TEMPLATE.check("template", template);
    }

    public static NamingConfig defaults() {
        return new NamingConfig("vi" + ID, Mode.AUTO);
    }

    private static Optional<String> templateViolation(String template) {
        int at = template.indexOf(ID);
        if (at < 0) {
            return Optional.of("must contain " + ID + ", is " + JsonValues.shown(template));
        }
        String fixed = template.substring(0, at) + template.substring(at + ID.length());
        if (fixed.contains("{") || fixed.contains("}")) {
            return Optional.of("must contain " + ID + " once and no other brace, is " + JsonValues.shown(template));
        }
        if (fixed.getBytes(StandardCharsets.UTF_8).length > FIXED_BYTES_MAX) {
            return Optional.of("must have at most " + FIXED_BYTES_MAX + " bytes besides " + ID + ", is "
                    + JsonValues.shown(template));
        }
        return LinkName.isValid(fixed + "0")
                ? Optional.empty()
                : Optional.of(
                        "must make a link name (no slash, colon or white space), is " + JsonValues.shown(template));
    }
}
