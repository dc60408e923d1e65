// SPDX-License-Identifier: Apache-2.0
/** Stands where picocli looks for Groovy; see {@link groovy.lang.Closure}. */
@NullMarked
package groovy.lang;

import org.jspecify.annotations.NullMarked;
