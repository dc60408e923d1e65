// SPDX-License-Identifier: Apache-2.0
/**
 * What doctor reads of the host beside files of the agent: it only looks, and judges nothing.
 *
 * <p>Contract: every method returns within some seconds, whatever the host answers.
 */
@NullMarked
package org.opdbus.agent.doctor.host;

import org.jspecify.annotations.NullMarked;
