// SPDX-License-Identifier: Apache-2.0
/**
 * The command line. Results go to standard output, everything else to standard error; the exit status is 0 for done or
 * true, 1 for ran but the answer is no, 2 for could not run.
 */
@NullMarked
package org.opdbus.agent.cli;

import org.jspecify.annotations.NullMarked;
