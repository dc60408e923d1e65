// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker;

import java.util.Optional;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.enroll.netmaker.guest.GuestNetclient;
import org.opdbus.verticles.enroll.netmaker.hosts.MeshHost;
import org.opdbus.verticles.enroll.netmaker.token.EnrollmentToken;
import org.opdbus.verticles.enroll.netmaker.token.NetmakerException;

/**
 * What is known of a container before anything is asked or done: its own files, the agent's records, and its token.
 *
 * @param guest what netclient's files in it say
 * @param twin the other container that has its identity, if there is one
 * @param recorded the host that it is known as
 * @param token where its token comes from
 */
record MeshPicture(GuestNetclient guest, Optional<ContainerId> twin, Optional<MeshHost> recorded, Source token) {
    /** Where a container's token comes from. */
    sealed interface Source {
        /** From the file of tokens. */
        record Kept(EnrollmentToken token) implements Source {}

        /** A key is made for it at this API. */
        record Minted(String api) implements Source {}

        /** There is none, and this says why. */
        record Missing(NetmakerException why) implements Source {}
    }

    /** The host, and perhaps the port, of the API of its server; empty if nothing tells. */
    Optional<String> api() {
        if (token instanceof Source.Kept kept) {
            return Optional.of(kept.token().server());
        }
        return token instanceof Source.Minted minted ? Optional.of(minted.api()) : recorded.map(MeshHost::api);
    }

    /** The token from the file; empty if there is none or a key is made. */
    Optional<EnrollmentToken> kept() {
        return token instanceof Source.Kept kept ? Optional.of(kept.token()) : Optional.empty();
    }
}
