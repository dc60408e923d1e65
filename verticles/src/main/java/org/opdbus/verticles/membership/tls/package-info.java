// SPDX-License-Identifier: Apache-2.0
/**
 * Mutual TLS between hosts: which peers are admitted, how many handshakes may be in progress, and how refusals are
 * logged.
 */
@NullMarked
package org.opdbus.verticles.membership.tls;

import org.jspecify.annotations.NullMarked;
