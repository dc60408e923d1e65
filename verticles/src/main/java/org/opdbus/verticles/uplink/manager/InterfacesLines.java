// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.manager;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The lines of all files of interfaces(5) of a host, in the order in which they are read. Pure.
 *
 * @param all the lines
 * @param headers the first line of each {@code iface} stanza, by the file and the number of the stanza
 */
record InterfacesLines(List<InterfacesLine> all, Map<String, InterfacesLine> headers) {
    InterfacesLines {
        all = List.copyOf(all);
        headers = Map.copyOf(headers);
    }

    /** Takes files apart: their texts by their paths, in their order. */
    static InterfacesLines of(Map<String, String> files) {
        List<InterfacesLine> all = files.entrySet().stream()
                .flatMap(file -> InterfacesLine.parse(file.getKey(), file.getValue()).stream())
                .toList();
        Map<String, InterfacesLine> headers = new HashMap<>();
        all.stream()
                .filter(line -> line.kind() == InterfacesLine.Kind.HEADER)
                .forEach(line -> headers.put(key(line), line));
        return new InterfacesLines(all, headers);
    }

    /** Returns the first line of the stanza to which a line belongs. */
    InterfacesLine header(InterfacesLine line) {
        InterfacesLine header = headers.get(key(line));
        if (header == null) {
            throw new IllegalArgumentException(line.place() + " belongs to no stanza");
        }
        return header;
    }

    /** Returns the text of a file. */
    String text(String file) {
        return all.stream()
                .filter(line -> line.file().equals(file))
                .map(InterfacesLine::raw)
                .collect(Collectors.joining());
    }

    /**
     * Returns the first stanza of a name: its header and its options, with the remarks between them; nothing if there is none.
     */
    List<InterfacesLine> firstStanza(String name) {
        Optional<InterfacesLine> header = all.stream()
                .filter(line -> line.kind() == InterfacesLine.Kind.HEADER
                        && line.words().size() > 1
                        && line.words().get(1).equals(name))
                .findFirst();
        if (header.isEmpty()) {
            return List.of();
        }
        List<InterfacesLine> stanza =
                new ArrayList<>(all.stream().filter(header.get()::isWith).toList());
        while (stanza.get(stanza.size() - 1).kind() == InterfacesLine.Kind.REMARK) {
            stanza.remove(stanza.size() - 1);
        }
        return List.copyOf(stanza);
    }

    private static String key(InterfacesLine line) {
        return line.file() + ":" + line.stanza();
    }
}
