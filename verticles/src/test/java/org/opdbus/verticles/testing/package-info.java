// SPDX-License-Identifier: Apache-2.0
/** What tests of every module share: watchers, private Open vSwitch, real containers. */
@NullMarked
package org.opdbus.verticles.testing;

import org.jspecify.annotations.NullMarked;
