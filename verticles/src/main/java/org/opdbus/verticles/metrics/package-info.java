// SPDX-License-Identifier: Apache-2.0
/**
 * Counts and times the facts of the bus for Prometheus.
 *
 * <p>{@link org.opdbus.verticles.metrics.MetricsVerticle} folds facts into meters on its own context; scraping reads them
 * from any thread. All meters use base units: seconds, bytes, and plain numbers. docs/METRICS.md explains each meter.
 */
@NullMarked
package org.opdbus.verticles.metrics;

import org.jspecify.annotations.NullMarked;
