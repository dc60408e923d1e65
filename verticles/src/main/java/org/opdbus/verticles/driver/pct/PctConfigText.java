// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.driver.pct;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The configuration of a Proxmox container ({@code /etc/pve/lxc/VMID.conf}, pct.conf(5)): {@code key: value} lines.
 *
 * <p>Only the lines before the first section are the present configuration; a section, {@code [name]}, is a snapshot,
 * or pending.
 */
public final class PctConfigText {
    private static final Pattern LINE = Pattern.compile("([A-Za-z][A-Za-z0-9_.]*):[ \\t]*(.*?)[ \\t\\r]*");

    private final Map<String, String> values = new LinkedHashMap<>();

    private PctConfigText() {}

    public static PctConfigText of(String text) {
        PctConfigText config = new PctConfigText();
        for (String line : text.split("\n", -1)) {
            if (line.startsWith("[")) {
                break;
            }
            Matcher matcher = LINE.matcher(line);
            if (matcher.matches()) {
                config.values.put(matcher.group(1), matcher.group(2));
            }
        }
        return config;
    }

    public Optional<String> value(String key) {
        return Optional.ofNullable(values.get(key));
    }

    /**
     * Returns the parts of a value such as {@code name=eth0,bridge=vmbr0}; a part without a name has the key {@code
     * ""}.
     */
    public Map<String, String> parts(String key) {
        return parts(value(key));
    }

    static Map<String, String> parts(Optional<String> value) {
        Map<String, String> parts = new LinkedHashMap<>();
        value.filter(text -> !text.isEmpty()).ifPresent(text -> {
            for (String part : text.split(",", -1)) {
                int sign = part.indexOf('=');
                parts.put(sign < 0 ? "" : part.substring(0, sign), part.substring(sign + 1));
            }
        });
        return parts;
    }
}
