// SPDX-License-Identifier: Apache-2.0
/** What commands of every group share: settings, streams, and the option to look at all hosts. */
@NullMarked
package org.opdbus.agent.cli.command;

import org.jspecify.annotations.NullMarked;
