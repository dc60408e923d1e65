// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.manager;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.opdbus.verticles.files.HostFiles;
import org.opdbus.verticles.files.InterfacesIncludes;
import org.opdbus.verticles.files.InterfacesText;
import org.opdbus.verticles.files.InterfacesText.Include;

/** Reads {@code /etc/network/interfaces} and the files that it includes, each once, in the order in which ifupdown reads them. */
final class InterfacesReader {
    private final HostFiles files;
    private final Map<String, String> texts = new LinkedHashMap<>();

    private InterfacesReader(HostFiles files) {
        this.files = files;
    }

    /**
     * Returns the texts by their paths; a file that is included and is not there is left out.
     *
     * @throws IOException if a file cannot be read, or there are too many
     */
    static Map<String, String> read(HostFiles files) throws IOException {
        InterfacesReader reader = new InterfacesReader(files);
        reader.read(InterfacesIncludes.MAIN);
        return reader.texts;
    }

    private void read(String file) throws IOException {
        if (texts.containsKey(file)) {
            return;
        }
        if (texts.size() >= InterfacesIncludes.FILES_MAX) {
            throw new IOException(
                    InterfacesIncludes.MAIN + " includes more than " + InterfacesIncludes.FILES_MAX + " files");
        }
        String text = files.exactText(file).orElse("");
        texts.put(file, text);
        for (Include include : InterfacesText.parse(text).includes()) {
            for (String next : InterfacesIncludes.filesOf(files, include, file)) {
                if (files.exists(next)) {
                    read(next);
                }
            }
        }
    }
}
