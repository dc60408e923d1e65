// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.capture;

import java.util.List;
import java.util.Optional;
import org.opdbus.verticles.http.WebFace;

/** The paths of captures, which may hold the token. */
public final class CapturePaths implements WebFace.Paths {
    @Override
    public List<String> named() {
        return List.of("/mobyshark", "/capture");
    }

    @Override
    public boolean has(String path) {
        return CapturePath.of(path).isPresent();
    }

    @Override
    public Optional<String> token(String path) {
        return CapturePath.of(path).flatMap(CapturePath::token);
    }
}
