// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker;

import io.reactivex.rxjava3.core.Scheduler;
import java.util.Optional;
import org.opdbus.verticles.enroll.netmaker.guest.GuestCommands;
import org.opdbus.verticles.enroll.netmaker.hosts.HostRecords;
import org.opdbus.verticles.enroll.netmaker.hosts.IdentityOwners;
import org.opdbus.verticles.enroll.netmaker.server.EnrollmentKeys;
import org.opdbus.verticles.enroll.netmaker.server.ServerApi;

/**
 * What the handlers of meshes act on.
 *
 * @param commands runs programs in containers
 * @param records the durable record of hosts
 * @param owners finds the other container that has an identity
 * @param tokens the source of tokens
 * @param keys creates keys; empty if none are created
 * @param api the servers' API
 * @param waiting threads that may wait for files, the kernel and servers
 */
record MeshEdges(
        GuestCommands commands,
        HostRecords records,
        IdentityOwners owners,
        TokenSource tokens,
        Optional<EnrollmentKeys> keys,
        ServerApi api,
        Scheduler waiting) {}
