// SPDX-License-Identifier: Apache-2.0
/**
 * Serves the files of the page. They are resources of this program: those in {@code web/} that {@code web/files.txt} names, and a few of
 * the libraries that they use. A request names one of them by its exact path or gets 404; no path is ever looked up in a file system.
 *
 * <p>A file is read and compressed by its first request, on a worker thread, and only its compressed form is kept.
 */
@NullMarked
package org.opdbus.verticles.http.page;

import org.jspecify.annotations.NullMarked;
