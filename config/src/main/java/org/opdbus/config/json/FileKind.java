// SPDX-License-Identifier: Apache-2.0
package org.opdbus.config.json;

/**
 * What is the same for every file of one kind.
 *
 * @param bytesMax the most bytes that such a file may have
 * @param notation how a place in it is written
 * @param manual the page that explains its keys, to which a refused comment is pointed
 * @param smallest the file that says nothing
 */
public record FileKind(int bytesMax, KeyPath.Notation notation, String manual, String smallest) {}
