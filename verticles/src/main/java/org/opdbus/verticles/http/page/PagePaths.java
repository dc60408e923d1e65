// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.page;

import java.util.List;
import org.opdbus.verticles.http.WebFace;

/** The paths of the page's files. */
public final class PagePaths implements WebFace.Paths {
    @Override
    public List<String> named() {
        return List.of("/ (a page for browsers)");
    }

    @Override
    public boolean has(String path) {
        return PageFiles.byPath().containsKey(path);
    }
}
