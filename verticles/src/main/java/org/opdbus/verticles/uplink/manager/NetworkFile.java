// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.manager;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A file of systemd.network(5) with its drop-ins, taken apart into sections. A section that stands there twice is there twice.
 * Pure.
 */
record NetworkFile(List<Section> sections) {
    NetworkFile {
        sections = List.copyOf(sections);
    }

    /**
     * A section.
     *
     * @param name its name, such as {@code Network}
     * @param lines its lines in their order, with comments and empty lines
     */
    record Section(String name, List<Line> lines) {
        Section {
            lines = List.copyOf(lines);
        }

        /** Returns the value that counts, the last one. */
        Optional<String> value(String key) {
            return lines.stream()
                    .filter(line -> line.key().equals(key))
                    .map(Line::value)
                    .reduce((former, last) -> last);
        }
    }

    /**
     * A line.
     *
     * @param place where it stands
     * @param text the line without its end; lines that continue it are joined by line feeds
     * @param key its key, or empty for a comment or an empty line
     * @param value its value
     */
    record Line(String place, String text, String key, String value) {}

    /** Takes a file apart. */
    static NetworkFile parse(String path, String text) {
        List<Section> sections = new ArrayList<>();
        String name = "";
        List<Line> lines = new ArrayList<>();
        String[] all = text.split("\n", -1);
        for (int i = 0; i < all.length; i++) {
            int number = i + 1;
            StringBuilder raw = new StringBuilder(all[i]);
            while (!isComment(all[i]) && all[i].endsWith("\\") && i + 1 < all.length) {
                i++;
                raw.append('\n').append(all[i]);
            }
            String stripped = raw.toString().strip();
            if (stripped.startsWith("[") && stripped.endsWith("]")) {
                sections.add(new Section(name, lines));
                name = stripped.substring(1, stripped.length() - 1);
                lines = new ArrayList<>();
            } else if (i < all.length - 1 || !stripped.isEmpty()) {
                lines.add(line(path + ":" + number, raw.toString()));
            }
        }
        sections.add(new Section(name, lines));
        return new NetworkFile(sections);
    }

    private static Line line(String place, String raw) {
        int sign = raw.indexOf('=');
        return isComment(raw) || sign < 0
                ? new Line(place, raw, "", "")
                : new Line(
                        place,
                        raw,
                        raw.substring(0, sign).strip(),
                        raw.substring(sign + 1).replace("\\\n", " ").strip());
    }

    private static boolean isComment(String line) {
        String stripped = line.strip();
        return stripped.startsWith("#") || stripped.startsWith(";");
    }

    /** Returns this file with the sections of a drop-in after its own. */
    NetworkFile with(NetworkFile dropIn) {
        List<Section> all = new ArrayList<>(sections);
        all.addAll(dropIn.sections);
        return new NetworkFile(all);
    }
}
