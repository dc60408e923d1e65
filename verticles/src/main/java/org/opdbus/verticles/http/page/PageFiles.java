// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.page;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The list of all files of the page, by the paths of their requests. */
final class PageFiles {
    private static final String FOLDER = "/web/";
    private static final String LIST = FOLDER + "files.txt";
    private static final String INDEX = "index.html";
    private static final String LIBRARIES = "/META-INF/resources/webjars/";
    private static final List<String> OF_LIBRARIES = List.of(
            "cytoscape/3.33.1/dist/cytoscape.min.js",
            "uplot/1.6.30/dist/uPlot.iife.min.js",
            "uplot/1.6.30/dist/uPlot.min.css");

    private static final Map<String, PageFile> FILES = list();

    private PageFiles() {}

    /** Returns every file by its path; {@code /} is the page itself. */
    static Map<String, PageFile> byPath() {
        return FILES;
    }

    private static Map<String, PageFile> list() {
        Map<String, PageFile> files = new HashMap<>();
        for (String each : OF_LIBRARIES) {
            files.put("/lib" + each.substring(each.lastIndexOf('/')), new PageFile(LIBRARIES + each));
        }
        for (String each : own()) {
            files.put("/" + (each.equals(INDEX) ? "" : each), new PageFile(FOLDER + each));
        }
        return Map.copyOf(files);
    }

    private static List<String> own() {
        try (InputStream in = PageFiles.class.getResourceAsStream(LIST)) {
            if (in == null) {
                throw new IOException(LIST + " is not in this program");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
