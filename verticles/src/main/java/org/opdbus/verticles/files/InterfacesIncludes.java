// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.files;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.opdbus.verticles.files.InterfacesText.Include;

/**
 * Finds the files that a file of interfaces(5) includes: a path without a leading slash begins at the folder of the file that
 * names it, and the last part of a path can have wildcards. Wildcards in a folder's name, variables and commands of the shell are
 * not expanded.
 */
public final class InterfacesIncludes {
    /** The file that includes all others. */
    public static final String MAIN = "/etc/network/interfaces";

    /** A host with more files than this is not read to the end. */
    public static final int FILES_MAX = 512;

    /** The time to compare a name grows with a power of this. */
    private static final int STARS_MAX = 4;

    private static final Pattern WILDCARD = Pattern.compile("[*?\\[]");
    private static final Pattern NAME_IN_FOLDER = Pattern.compile("[a-zA-Z0-9_-]+");

    private InterfacesIncludes() {}

    /**
     * Returns the paths of the files that are meant, in the order in which they are read.
     *
     * @param file the path of the file that includes them
     * @throws IOException if the folder cannot be read, or the wildcards make no sense
     */
    public static List<String> filesOf(HostFiles files, Include include, String file) throws IOException {
        if (include.path().indexOf('\0') >= 0) {
            return List.of();
        }
        String path = Path.of(include.path().startsWith("/") ? include.path() : folder(file) + "/" + include.path())
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
