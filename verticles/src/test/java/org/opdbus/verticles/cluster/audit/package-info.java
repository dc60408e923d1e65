// SPDX-License-Identifier: Apache-2.0
@NullMarked
package org.opdbus.verticles.cluster.audit;

import org.jspecify.annotations.NullMarked;
