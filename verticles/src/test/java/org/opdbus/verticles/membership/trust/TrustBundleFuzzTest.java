// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership.trust;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;

/** Any data of a stranger or a member about the members is read, or refused with a MembershipException. */
final class TrustBundleFuzzTest {
    @FuzzTest
    void bundle(byte[] bytes) {
        try {
            assertThat(TrustBundle.of(bytes)).isNotNull();
        } catch (IllegalArgumentException refused) {
            assertThat(refused).isNotNull();
        }
    }

    @FuzzTest
    void signedBundle(byte[] bytes) {
        try {
            assertThat(SignedTrustBundle.kept(new String(bytes, StandardCharsets.UTF_8)))
                    .isNotNull();
        } catch (MembershipException refused) {
            assertThat(refused.reason()).isEqualTo(MembershipException.Reason.DAMAGED);
        }
    }

    @FuzzTest
    void token(byte[] bytes) {
        try {
            Token token = Token.parse(new String(bytes, StandardCharsets.UTF_8));
            assertThat(Token.parse(token.text())).isEqualTo(token);
        } catch (IllegalArgumentException | MembershipException refused) {
            assertThat(refused.getMessage()).isNotNull();
        }
    }
}
