// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.introspect.owner;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.opdbus.verticles.files.HostFiles;

/**
 * netplan's part in a link of systemd-networkd or NetworkManager. netplan writes a file for its renderer whose name has the name
 * of the definition; the link is netplan's if its renderer goes by such a file.
 *
 * <p>Which YAML file has the definition is found by a line with that name as a key, in the last of netplan's files that has one,
 * because later files change earlier ones. That is a look at the text, not YAML: a definition in another notation (braces,
 * anchors, a key over several lines) is not found, and then the renderer's file is the evidence.
 */
final class NetplanFiles {
    private static final Pattern RENDERED = Pattern.compile("/run/systemd/network/10-netplan-(.+)\\.network"
            + "|/run/NetworkManager/system-connections/netplan-(.+?)(?:\\.nmconnection)?");

    /** A file hides those of the same name in the folders before it. */
    private static final List<String> FOLDERS =
            List.of("/lib/netplan", "/usr/lib/netplan", "/etc/netplan", "/run/netplan");

    private static final int FILES_MAX = 256;

    private final HostFiles files;

    NetplanFiles(HostFiles files) {
        this.files = files;
    }

    /** Returns netplan's claim on the link of a renderer's claim; empty if netplan has no part in it. */
    Optional<Claim> author(Claim renderer) throws IOException {
        Matcher matcher = RENDERED.matcher(renderer.evidence());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String definition = matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
        String file = definedIn(definition).orElse(renderer.evidence());
        return Optional.of(new Claim(
                renderer.link(),
                Owner.NETPLAN,
                definition + ", for " + renderer.owner().word(),
                file));
    }

    private Optional<String> definedIn(String definition) throws IOException {
        Optional<String> found = Optional.empty();
        for (String file : all().values()) {
            if (files.text(file).filter(text -> defines(text, definition)).isPresent()) {
                found = Optional.of(file);
            }
        }
        return found;
    }

    /** The paths of netplan's files, in the order in which netplan reads them: by name. */
    private Map<String, String> all() throws IOException {
        Map<String, String> paths = new TreeMap<>();
        for (String folder : FOLDERS) {
            for (String name : files.names(folder)) {
                if (name.endsWith(".yaml") && paths.size() < FILES_MAX) {
                    paths.put(name, folder + "/" + name);
                }
            }
        }
        return paths;
    }

    /** Returns whether a line has the definition as a key. NetworkManager's file of a wireless link adds the network's name. */
    static boolean defines(String text, String definition) {
        return text.lines()
                .map(NetplanFiles::key)
                .anyMatch(key -> !key.isEmpty() && (definition.equals(key) || definition.startsWith(key + "-")));
    }

    /** The key of an indented line; empty if the line has none. */
    private static String key(String line) {
        String content = line.strip();
        int colon = content.lastIndexOf(':');
        if (line.isEmpty() || !Character.isWhitespace(line.charAt(0)) || content.startsWith("#")) {
            return "";
        }
        int comment = content.indexOf(" #");
        if (comment > 0) {
            colon = content.lastIndexOf(':', comment);
        }
        String rest = colon < 0 ? "none" : content.substring(colon + 1).strip();
        if (!rest.isEmpty() && !rest.startsWith("#")) {
            return "";
        }
        String key = content.substring(0, Math.max(0, colon)).strip();
        boolean isQuoted =
                key.length() > 2 && (key.startsWith("\"") || key.startsWith("'")) && key.endsWith(key.substring(0, 1));
        return isQuoted ? key.substring(1, key.length() - 1) : key;
    }
}
