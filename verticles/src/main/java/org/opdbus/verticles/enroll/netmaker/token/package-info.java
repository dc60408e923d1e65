// SPDX-License-Identifier: Apache-2.0
/**
 * Secrets: enrolment tokens, the file that holds them, and how a file of secrets is read.
 *
 * <p>No code here prints a secret. {@link org.opdbus.verticles.enroll.netmaker.token.EnrollmentToken#reveal} is the
 * only way to a token's text. Reading a file waits for the disk.
 */
@NullMarked
package org.opdbus.verticles.enroll.netmaker.token;

import org.jspecify.annotations.NullMarked;
