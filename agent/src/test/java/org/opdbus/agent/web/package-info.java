// SPDX-License-Identifier: Apache-2.0
/** Tests of the page in a real browser. */
@NullMarked
package org.opdbus.agent.web;

import org.jspecify.annotations.NullMarked;
