// SPDX-License-Identifier: Apache-2.0
/** What commands print: results, messages, tables, JSON, progress, questions; and their exit statuses. */
@NullMarked
package org.opdbus.agent.cli.output;

import org.jspecify.annotations.NullMarked;
