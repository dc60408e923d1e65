// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker;

import java.util.Optional;
import org.opdbus.verticles.enroll.netmaker.guest.GuestNetclient.Identity;
import org.opdbus.verticles.enroll.netmaker.hosts.MeshHost;
import org.opdbus.verticles.enroll.netmaker.token.EnrollmentToken;
import org.opdbus.verticles.enroll.netmaker.token.NetmakerException;

/** What a look at a container does next. */
sealed interface MeshAction {
    /** Nothing: what was seen says it all. */
    record Report(MeshObservation seen) implements MeshAction {}

    /** The container has nodes: see how well they are. */
    record CheckHealth(Identity identity, Optional<String> api) implements MeshAction {}

    /**
     * The container is registered and has no node: find out what it waits for.
     *
     * @param server the server's name
     */
    record Confirm(String server, String api) implements MeshAction {}

    /**
     * The container had nodes and is registered nowhere: find out whether it was deleted on its server.
     *
     * @param host the host that it was
     */
    record CheckDeletion(MeshHost host) implements MeshAction {}

    /** The container is to join. */
    record Join(Optional<EnrollmentToken> kept, String api) implements MeshAction {}

    /** The container cannot join for want of a token. */
    record Fail(NetmakerException why) implements MeshAction {}
}
