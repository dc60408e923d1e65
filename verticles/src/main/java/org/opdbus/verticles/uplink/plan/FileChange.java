// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.plan;

import java.util.Optional;

/**
 * A file that is written for the next boot.
 *
 * @param path its absolute path
 * @param before its text when the plan was made; empty if there was no file
 * @param after its text after the move; empty if the move removes the file
 * @param mode its permissions if the move creates it, such as 0644; a file that exists keeps its own
 */
public record FileChange(String path, Optional<String> before, Optional<String> after, int mode) {}
