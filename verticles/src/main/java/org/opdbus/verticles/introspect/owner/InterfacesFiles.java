// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.introspect.owner;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.opdbus.verticles.files.HostFiles;
import org.opdbus.verticles.introspect.owner.files.InterfacesText;
import org.opdbus.verticles.introspect.owner.files.InterfacesText.Include;
import org.opdbus.verticles.introspect.owner.files.InterfacesText.Stanza;

/**
 * {@code /etc/network/interfaces} with the files that it includes, as interfaces(5) describes: a path without a leading slash
 * begins at the folder of the file that names it, and the last part of a path can have wildcards. Wildcards in a folder's name,
 * variables and commands of the shell are not expanded. Each file is read once.
 */
final class InterfacesFiles {
    static final String MAIN = "/etc/network/interfaces";
    private static final int FILES_MAX = 512;
    /** The time to compare a name grows with a power of this. */
    private static final int STARS_MAX = 4;

    private static final Pattern WILDCARD = Pattern.compile("[*?\\[]");
    private static final Pattern NAME_IN_FOLDER = Pattern.compile("[a-zA-Z0-9_-]+");

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
        all.read(MAIN);
        return List.copyOf(all.stanzas);
    }

    /** The depth is limited by the number of files, because each is read once. */
    private void read(String file) {
        if (!seen.add(file)) {
            return;
        }
        if (seen.size() > FILES_MAX) {
            found.trouble(MAIN + " includes more than " + FILES_MAX + " files; the others were not read");
            return;
        }
        found.attempt(() -> {
            InterfacesText text = InterfacesText.parse(files.text(file).orElse(""));
            text.stanzas().forEach(stanza -> stanzas.add(new Placed(file, stanza)));
            for (Include include : text.includes()) {
                for (String next : filesOf(include, folder(file))) {
                    read(next);
                }
            }
        });
    }

    private List<String> filesOf(Include include, String from) throws IOException {
        if (include.path().indexOf('\0') >= 0) {
            return List.of();
        }
        String path = Path.of(include.path().startsWith("/") ? include.path() : from + "/" + include.path())
                .normalize()
                .toString();
        if (include.isFolder()) {
            return files.namesAndLinks(path).stream()
                    .filter(name -> NAME_IN_FOLDER.matcher(name).matches())
                    .map(name -> path + "/" + name)
                    .toList();
        }
        String name = path.substring(path.lastIndexOf('/') + 1);
        if (!WILDCARD.matcher(name).find()) {
            return List.of(path);
        }
        String folder = folder(path);
        PathMatcher matcher = matcher(name);
        return files.namesAndLinks(folder).stream()
                // As in a shell, a wildcard does not stand for a leading dot.
                .filter(each -> !each.startsWith(".") && matcher.matches(Path.of(each)))
                .map(each -> folder + "/" + each)
                .toList();
    }

    private static PathMatcher matcher(String name) throws IOException {
        if (name.chars().filter(c -> c == '*').count() > STARS_MAX) {
            throw new IOException("\"" + name + "\" has more than " + STARS_MAX + " wildcards");
        }
        try {
            return FileSystems.getDefault().getPathMatcher("glob:" + name);
        } catch (PatternSyntaxException e) {
            throw new IOException("the wildcards of \"" + name + "\" make no sense", e);
        }
    }

    private static String folder(String path) {
        return path.substring(0, Math.max(0, path.lastIndexOf('/')));
    }
}
