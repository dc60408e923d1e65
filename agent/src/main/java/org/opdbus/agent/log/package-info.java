// SPDX-License-Identifier: Apache-2.0
/**
 * The log while the agent runs: how much of it, and no more of it than somebody can read.
 *
 * <p>{@link org.opdbus.agent.log.LogLevels} shows and changes the levels of this program's loggers;
 * {@link org.opdbus.agent.log.RepeatAppender} holds back what says the same again and again, and counts it; {@link
 * org.opdbus.agent.log.VisibleText} escapes text for people, in the log and on the terminal. All may be called from any
 * thread.
 */
@NullMarked
package org.opdbus.agent.log;

import org.jspecify.annotations.NullMarked;
