// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker.plan;

import java.util.Optional;
import org.opdbus.verticles.enroll.netmaker.guest.GuestNetclient.Identity;
import org.opdbus.verticles.enroll.netmaker.hosts.MeshHost;
import org.opdbus.verticles.enroll.netmaker.token.EnrollmentToken;
import org.opdbus.verticles.enroll.netmaker.token.NetmakerException;

/** What to do next for a container. */
public sealed interface MeshAction {
    /** Nothing: what was seen says it all. */
    public record Report(MeshObservation seen) implements MeshAction {}

    /** The container has nodes: see how well they are. */
    public record CheckHealth(Identity identity, Optional<String> api) implements MeshAction {}

    /**
     * The container is registered and has no node: find out what it waits for.
     *
     * @param server the server's name
     */
    public record Confirm(String server, String api) implements MeshAction {}

    /**
     * The container had nodes and is registered nowhere: find out whether it was deleted on its server.
     *
     * @param host the host that it was
     */
    public record CheckDeletion(MeshHost host) implements MeshAction {}

    /** The container is to join. */
    public record Join(Optional<EnrollmentToken> kept, String api) implements MeshAction {}

    /** The container cannot join for want of a token. */
    public record Fail(NetmakerException why) implements MeshAction {}
}
