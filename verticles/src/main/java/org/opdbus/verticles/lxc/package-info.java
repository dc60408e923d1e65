// SPDX-License-Identifier: Apache-2.0
/**
 * The LXC source: which containers are defined under one lxc.path, and which of them run.
 *
 * <p>Contract. <b>Order</b>: everything is published by one thread, so the events of a container come in the order in
 * which they happened, and a container is never started twice, or stopped twice, in a row. <b>Listing</b>: at the start
 * everything that exists is published, then {@code SourceListed}; a later listing publishes only what had been missed,
 * then {@code SourceListed}. <b>Failure</b>: what cannot be watched for now is said in the log and by {@code
 * SourceLost}, and is tried again with every listing. Neither lxc-monitord nor any LXC program is needed or run.
 */
@NullMarked
package org.opdbus.verticles.lxc;

import org.jspecify.annotations.NullMarked;
