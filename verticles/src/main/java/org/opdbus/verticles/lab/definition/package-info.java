// SPDX-License-Identifier: Apache-2.0
/** What a lab shall be: its items, their endpoints and LANs, and the changes of it. Pure; knows no kernel and no process. */
@NullMarked
package org.opdbus.verticles.lab.definition;

import org.jspecify.annotations.NullMarked;
