// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.control;

/**
 * The lines from other hosts.
 *
 * @param events the events there
 * @param entries the entries of their ledgers, unchanged, from the time at which a caller listens
 */
public record PeerNews(PeerLines events, PeerLines entries) {}
