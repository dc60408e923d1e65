// SPDX-License-Identifier: Apache-2.0
/**
 * What the bus says, counted and timed for Prometheus.
 *
 * <p>{@link org.opdbus.verticles.metrics.MetricsVerticle} folds facts into meters on its own context; scraping reads them
 * from any thread. Base units throughout: seconds, bytes, and plain numbers. docs/METRICS.md says what each one is.
 */
@NullMarked
package org.opdbus.verticles.metrics;

import org.jspecify.annotations.NullMarked;
