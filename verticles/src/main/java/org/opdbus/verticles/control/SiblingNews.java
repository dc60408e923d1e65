// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.control;

/**
 * What other hosts tell.
 *
 * @param events what happens there
 * @param entries what they write into their ledgers, each as it stands on disk, from when somebody listens
 */
public record SiblingNews(SiblingLines events, SiblingLines entries) {}
