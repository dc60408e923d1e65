// SPDX-License-Identifier: Apache-2.0
/**
 * Reads JSON files strictly: every problem is found in one pass, each with its place in the file.
 *
 * <p>{@link org.opdbus.config.json.JsonFile} reads a file with a limit on its size and refuses a key that is given
 * twice. {@link org.opdbus.config.json.JsonReader} takes typed values out of the document and collects a {@link
 * org.opdbus.config.json.Problem} for each value that breaks its {@link org.opdbus.config.json.Limit} and for each
 * unknown key. A file that cannot be used ends in a {@link org.opdbus.config.json.ConfigException}. There is no
 * shared state, so any thread may make every call; reading blocks on the file.
 */
@NullMarked
package org.opdbus.config.json;

import org.jspecify.annotations.NullMarked;
