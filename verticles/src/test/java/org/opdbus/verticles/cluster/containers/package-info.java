// SPDX-License-Identifier: Apache-2.0
@NullMarked
package org.opdbus.verticles.cluster.containers;

import org.jspecify.annotations.NullMarked;
