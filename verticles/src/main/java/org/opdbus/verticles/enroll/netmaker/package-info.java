// SPDX-License-Identifier: Apache-2.0
/**
 * Enrols containers in Netmaker meshes, knows whether they really are in, and takes them out without leaving a host behind.
 *
 * <p>{@link org.opdbus.verticles.enroll.netmaker.NetmakerVerticle} wires this room; the rest of the agent asks {@link
 * org.opdbus.verticles.enroll.netmaker.MeshCommands}. Planning is apart from acting: {@code plan} is pure and decides; the
 * handlers here act. {@link org.opdbus.verticles.enroll.netmaker.MeshContainers} hears the facts of the bus and has containers
 * checked. {@link org.opdbus.verticles.enroll.netmaker.MeshChecks} runs one check at a time for each container. A check is one
 * call of {@link org.opdbus.verticles.enroll.netmaker.MeshHandler}: gather a picture, plan the next action, carry it out. Its
 * observation is folded into the container's {@link org.opdbus.verticles.enroll.netmaker.plan.MeshState}, which has no other
 * writer.
 *
 * <p>The packages below depend on each other in one direction: {@code token}, {@code guest} (what happens in a container),
 * {@code hosts} (the agent's record), {@code server} (the API), {@code plan}, and this one.
 *
 * <p>The enrolment token is a secret. It exists in {@link org.opdbus.verticles.enroll.netmaker.token.EnrollmentToken}, goes to
 * the container on the standard input of a shell, and is removed from all that netclient prints before any other code sees
 * that. netclient's exit code is 0 after most failures, so its text decides how a join ended.
 */
@NullMarked
package org.opdbus.verticles.enroll.netmaker;

import org.jspecify.annotations.NullMarked;
