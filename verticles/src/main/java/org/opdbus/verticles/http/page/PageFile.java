// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.page;

import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/**
 * A file of the page.
 *
 * @param resource where it is in this program
 */
record PageFile(String resource) {
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "json", "application/json",
            "svg", "image/svg+xml",
            "png", "image/png",
            "webmanifest", "application/manifest+json",
            "woff2", "font/woff2");

    /** Returns the media type, which its name tells. */
    String type() {
        String type = TYPES.get(resource.substring(resource.lastIndexOf('.') + 1));
        if (type == null) {
            throw new IllegalStateException(resource + " has no known type");
        }
        return type;
    }

    boolean isDocument() {
        return resource.endsWith(".html");
    }

    /** Reads the file. Waits for the disk. */
    byte[] bytes() throws IOException {
        try (InputStream in = PageFile.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IOException(resource + " is not in this program");
            }
            return in.readAllBytes();
        }
    }
}
