// SPDX-License-Identifier: Apache-2.0
/**
 * The log of the running agent: its levels, and a limit so that a person can read it.
 *
 * <p>{@link org.opdbus.agent.log.LogLevels} shows and changes the levels of this program's loggers; {@link
 * org.opdbus.agent.log.RepeatAppender} holds back repeated lines and counts them; {@link
 * org.opdbus.agent.log.VisibleText} escapes text for people, in the log and on the terminal. Any thread may call all
 * of them.
 */
@NullMarked
package org.opdbus.agent.log;

import org.jspecify.annotations.NullMarked;
