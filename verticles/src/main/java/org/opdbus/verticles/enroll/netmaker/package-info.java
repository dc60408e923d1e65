// SPDX-License-Identifier: Apache-2.0
/**
 * Joins containers to Netmaker meshes, knows whether they really are in, and takes them out without leaving a host behind.
 *
 * <p>{@link org.opdbus.verticles.enroll.netmaker.NetmakerVerticle} is what the rest of the agent sees. For each container there is
 * one state ({@link org.opdbus.verticles.enroll.netmaker.plan.MeshState}), changed only by what a look at it has shown ({@link
 * org.opdbus.verticles.enroll.netmaker.Seen}); looks at one container never overlap. What netclient says is judged by its text:
 * its exit code is 0 for most failures.
 *
 * <p>The enrolment token is a secret. It exists in {@link org.opdbus.verticles.enroll.netmaker.token.EnrollmentToken}, goes to the
 * container on the standard input of a shell, and is struck out of whatever netclient prints before anybody sees that.
 */
@NullMarked
package org.opdbus.verticles.enroll.netmaker;

import org.jspecify.annotations.NullMarked;
