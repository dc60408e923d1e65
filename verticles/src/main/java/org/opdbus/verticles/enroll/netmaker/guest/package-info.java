// SPDX-License-Identifier: Apache-2.0
/**
 * What happens inside a container: netclient's files, its commands and what it prints, its daemon, and the container's links.
 *
 * <p>A container is hostile. Its files are read through {@link org.opdbus.verticles.kernel.GuestRoot} with limits on size and
 * time, each command has a deadline, and a value is used only if it has the form that it should have.
 */
@NullMarked
package org.opdbus.verticles.enroll.netmaker.guest;

import org.jspecify.annotations.NullMarked;
