// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker;

import java.nio.file.Path;
import java.util.Optional;
import org.opdbus.verticles.enroll.netmaker.plan.MeshPicture.TokenOrigin;
import org.opdbus.verticles.enroll.netmaker.server.EnrollmentKeys;
import org.opdbus.verticles.enroll.netmaker.token.EnrollmentToken;
import org.opdbus.verticles.enroll.netmaker.token.NetmakerException;
import org.opdbus.verticles.enroll.netmaker.token.TokenFile;
import org.opdbus.verticles.plan.MeshIntent;

/**
 * Where a container's enrolment token comes from: the file of tokens, or, for one that names none, a key that is made for
 * it if keys can be made. Waits for the disk.
 */
final class TokenSource {
    private final Path envFile;
    private final Optional<EnrollmentKeys> keys;

    TokenSource(Path envFile, Optional<EnrollmentKeys> keys) {
        this.envFile = envFile;
        this.keys = keys;
    }

    /** Where its token comes from, or why there is none. */
    TokenOrigin source(MeshIntent intent) {
        Optional<EnrollmentKeys> creator = keysFor(intent);
        if (creator.isPresent()) {
            return new TokenOrigin.NewKey(creator.get().server());
        }
        try {
            return new TokenOrigin.FromFile(kept(intent).orElseThrow());
        } catch (NetmakerException none) {
            return new TokenOrigin.Missing(none);
        }
    }

    /** Where a key is made for it; empty if its token is in the file. */
    Optional<EnrollmentKeys> keysFor(MeshIntent intent) {
        return intent.tokenName().isPresent() ? Optional.empty() : keys;
    }

    /** The administrator's access to this server; empty if the agent has none. */
    Optional<EnrollmentKeys> administrationOf(String api) {
        return keys.filter(one -> withoutPort(one.server()).equals(withoutPort(api)));
    }

    private static String withoutPort(String api) {
        return api.replaceFirst(":[0-9]+$", "");
    }

    /**
     * Its token in the file; empty if a key is made for it.
     *
     * @throws NetmakerException ENV_FILE, NO_SUCH_TOKEN, NOT_A_TOKEN
     */
    Optional<EnrollmentToken> kept(MeshIntent intent) throws NetmakerException {
        return keysFor(intent).isPresent()
                ? Optional.empty()
                : Optional.of(TokenFile.read(envFile).token(intent.tokenName().orElse(MeshIntent.DEFAULT_TOKEN_NAME)));
    }

    /**
     * Makes sure that there is a token for it, or that a key could be created; asks no server.
     *
     * @throws NetmakerException ENV_FILE, NO_SUCH_TOKEN, NOT_A_TOKEN, API_FILE
     */
    void check(MeshIntent intent) throws NetmakerException {
        Optional<EnrollmentKeys> creator = keysFor(intent);
        if (creator.isPresent()) {
            creator.get().check();
        } else {
            Optional<EnrollmentToken> unused = kept(intent);
        }
    }

    /** The host, and perhaps the port, of the API of its server; empty if it has no token. */
    Optional<String> server(MeshIntent intent) {
        try {
            return kept(intent)
                    .map(EnrollmentToken::server)
                    .or(() -> keysFor(intent).map(EnrollmentKeys::server));
        } catch (NetmakerException noToken) {
            return Optional.empty();
        }
    }
}
