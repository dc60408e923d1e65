// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker.plan;

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
public record MeshPicture(
        GuestNetclient guest, Optional<ContainerId> twin, Optional<MeshHost> recorded, TokenOrigin token) {
    /** Where a container's token comes from. */
    public sealed interface TokenOrigin {
        /** From the file of tokens. */
        record FromFile(EnrollmentToken token) implements TokenOrigin {}

        /** A key is made for it at this API. */
        record NewKey(String api) implements TokenOrigin {}

        /** There is none, and this says why. */
        record Missing(NetmakerException why) implements TokenOrigin {}
    }

    /** The host, and perhaps the port, of the API of its server; empty if neither a token nor a record names it. */
    public Optional<String> api() {
        if (token instanceof TokenOrigin.FromFile kept) {
            return Optional.of(kept.token().server());
        }
        return token instanceof TokenOrigin.NewKey minted ? Optional.of(minted.api()) : recorded.map(MeshHost::api);
    }

    /** The token from the file; empty if there is none or a key is made. */
    public Optional<EnrollmentToken> kept() {
        return token instanceof TokenOrigin.FromFile kept ? Optional.of(kept.token()) : Optional.empty();
    }
}
