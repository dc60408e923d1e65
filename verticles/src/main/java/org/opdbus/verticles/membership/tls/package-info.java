// SPDX-License-Identifier: Apache-2.0
/**
 * Mutual TLS between hosts: which peers are let in, how many handshakes may be under way, and what is said of a refusal.
 */
@NullMarked
package org.opdbus.verticles.membership.tls;

import org.jspecify.annotations.NullMarked;
