// SPDX-License-Identifier: Apache-2.0
package org.opdbus.config.json;

/**
 * The common properties of the files of one kind.
 *
 * @param bytesMax the largest size of such a file, in bytes
 * @param notation how a place in it is written
 * @param manual the page that explains its keys, which the refusal of a comment names
 * @param smallest a file that sets nothing
 */
public record FileKind(int bytesMax, KeyPath.Notation notation, String manual, String smallest) {}
