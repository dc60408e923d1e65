// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.files;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * One file of interfaces(5): its {@code iface} stanzas and the files that it includes. Pure.
 *
 * <p>What no stanza begins with is an option of the stanza before it, so a word of a later version is no error. Templates that
 * ifupdown2 expands (lines with {@code %}) and patterns in the place of a name are not expanded, and name no link.
 *
 * @param stanzas the stanzas in the order of the file
 * @param includes the files and folders to read in addition, in the order of the file
 */
public record InterfacesText(List<Stanza> stanzas, List<Include> includes) {
    /** More than the links of a host; the rest of a longer file is not read. */
    public static final int STANZAS_MAX = 8_192;

    /** The rest of more files is not read. */
    public static final int INCLUDES_MAX = 256;

    private static final int LINE_MAX = 8_192;

    /** Their values name links that become part of the stanza's link. */
    private static final Set<String> MEMBERS =
            Set.of("bridge-ports", "bridge_ports", "bond-slaves", "slaves", "ovs_ports", "ovs_bonds");

    private static final Set<String> NO_NAMES = Set.of("none", "all", "regex", "noregex", "glob");

    private static final Set<String> OTHER_STANZAS =
            Set.of("auto", "mapping", "no-auto-down", "no-scripts", "rename", "vlan");

    public InterfacesText {
        stanzas = List.copyOf(stanzas);
        includes = List.copyOf(includes);
    }

    /**
     * An {@code iface} stanza.
     *
     * @param name the name that it defines: that of a link, or a logical one
     * @param text its first line, as {@code iface eth0 inet dhcp}
     * @param line the number of that line
     * @param members the links that the stanza makes part of its own
     */
    public record Stanza(String name, String text, int line, List<String> members) {
        public Stanza {
            members = List.copyOf(members);
        }

        /** Returns the link of the stanza: without the label of an alias such as {@code eth0:1}. */
        public String link() {
            int colon = name.indexOf(':');
            return colon > 0 ? name.substring(0, colon) : name;
        }
    }

    /**
     * A file to read in addition.
     *
     * @param path as it is written, with wildcards
     * @param isFolder whether the files in it are meant
     */
    public record Include(String path, boolean isFolder) {}

    /** Returns what a file says. */
    public static InterfacesText parse(String text) {
        Parsing parsing = new Parsing();
        String[] lines = text.split("\n", -1);
        int at = 0;
        while (at < lines.length) {
            int first = at;
            StringBuilder line = new StringBuilder(lines[at].strip());
            // A comment is never continued.
            while (!line.isEmpty() && line.charAt(0) != '#' && line.charAt(line.length() - 1) == '\\') {
                line.setLength(line.length() - 1);
                at++;
                if (at >= lines.length || line.length() > LINE_MAX) {
                    break;
                }
                line.append(' ').append(lines[at].strip());
            }
            at++;
            parsing.take(line.toString().strip(), first + 1);
        }
        return parsing.end();
    }

    private static final class Parsing {
        private final List<Stanza> stanzas = new ArrayList<>();
        private final List<Include> includes = new ArrayList<>();
        private List<String> members = new ArrayList<>();
        private String name = "";
        private String text = "";
        private int line;

        void take(String content, int number) {
            if (content.isEmpty() || content.charAt(0) == '#' || content.length() > LINE_MAX) {
                return;
            }
            String[] words = content.split("\\s+");
            String first = words[0];
            if (first.equals("iface") && words.length > 1) {
                finish();
                name = words[1];
                text = String.join(" ", words);
                line = number;
            } else if (first.equals("source") || first.equals("source-directory")) {
                finish();
                include(words);
            } else if (OTHER_STANZAS.contains(first) || first.startsWith("allow-")) {
                finish();
            } else if (MEMBERS.contains(first)) {
                members(words);
            }
        }

        private void include(String[] words) {
            for (int i = 1; i < words.length && includes.size() < INCLUDES_MAX; i++) {
                includes.add(new Include(words[i], words[0].equals("source-directory")));
            }
        }

        private void members(String[] words) {
            for (int i = 1; i < words.length && members.size() < STANZAS_MAX; i++) {
                if (!NO_NAMES.contains(words[i])) {
                    members.add(words[i]);
                }
            }
        }

        private void finish() {
            if (!name.isEmpty() && stanzas.size() < STANZAS_MAX) {
                stanzas.add(new Stanza(name, text, line, members));
            }
            name = "";
            members = new ArrayList<>();
        }

        InterfacesText end() {
            finish();
            return new InterfacesText(stanzas, includes);
        }
    }
}
