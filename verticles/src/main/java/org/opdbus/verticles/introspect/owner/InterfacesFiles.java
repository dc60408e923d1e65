// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.introspect.owner;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.opdbus.verticles.files.HostFiles;
import org.opdbus.verticles.files.InterfacesIncludes;
import org.opdbus.verticles.files.InterfacesText;
import org.opdbus.verticles.files.InterfacesText.Include;
import org.opdbus.verticles.files.InterfacesText.Stanza;

/**
 * {@code /etc/network/interfaces} with the files that it includes, as interfaces(5) describes. Each file is read
 * once.
 */
final class InterfacesFiles {
    /**
     * A stanza with the place where it stands.
     *
     * @param file the path of the file
     */
    record Placed(String file, Stanza stanza) {
        String place() {
            return file + ":" + stanza.line();
        }
    }

    private final HostFiles files;
    private final Gathered found;
    private final Set<String> seen = new HashSet<>();
    private final List<Placed> stanzas = new ArrayList<>();

    private InterfacesFiles(HostFiles files, Gathered found) {
        this.files = files;
        this.found = found;
    }

    /** Returns every stanza; files that cannot be read become troubles. */
    static List<Placed> read(HostFiles files, Gathered found) {
        InterfacesFiles all = new InterfacesFiles(files, found);
        all.read(InterfacesIncludes.MAIN);
        return List.copyOf(all.stanzas);
    }

    /** The depth is limited by the number of files, because each is read once. */
    private void read(String file) {
        if (!seen.add(file)) {
            return;
        }
        if (seen.size() > InterfacesIncludes.FILES_MAX) {
            found.trouble(InterfacesIncludes.MAIN + " includes more than " + InterfacesIncludes.FILES_MAX
                    + " files; the others were not read");
            return;
        }
        found.attempt(() -> {
            InterfacesText text = InterfacesText.parse(files.text(file).orElse(""));
            text.stanzas().forEach(stanza -> stanzas.add(new Placed(file, stanza)));
            for (Include include : text.includes()) {
                for (String next : InterfacesIncludes.filesOf(files, include, file)) {
                    read(next);
                }
            }
        });
    }
}
