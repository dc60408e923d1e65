// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MemberSignaturesTest {
    private static final byte[] TEXT = "what h2 says".getBytes(StandardCharsets.UTF_8);

    @TempDir
    Path folder;

    @Test
    void a_member_knows_who_signed_a_text_and_a_removed_member_signs_in_vain() throws CertificateException {
        try (ClusterFixture cluster = new ClusterFixture(folder)) {
            cluster.found(1);
            cluster.letIn(2, cluster.authority(1));
            MemberSignatures first = signatures(cluster, 1);
            MemberSignatures.Signed signed = signatures(cluster, 2).sign(TEXT);
            assertThat(first.signer(TEXT, signed)).isEqualTo("h2");
            assertThat(first.signer(TEXT, first.sign(TEXT))).isEqualTo("h1");

            byte[] other = "what h2 never said".getBytes(StandardCharsets.UTF_8);
            assertThatThrownBy(() -> first.signer(other, signed)).hasMessageContaining("the key of h2 did not sign it");
            MemberSignatures.Signed stolen = new MemberSignatures.Signed(
                    signed.certificate(), first.sign(TEXT).signature());
            assertThatThrownBy(() -> first.signer(TEXT, stolen)).isInstanceOf(CertificateException.class);
            MemberSignatures.Signed rubbish = new MemberSignatures.Signed("AQID", "BA==");
            MemberSignatures.Signed noBase64 = new MemberSignatures.Signed("A", "B");
            for (String wrong : new String[] {"", "BA==", signed.signature().substring(4), "MAYCAQACAQA="}) {
                MemberSignatures.Signed malformed = new MemberSignatures.Signed(signed.certificate(), wrong);
                assertThatThrownBy(() -> first.signer(TEXT, malformed)).isInstanceOf(CertificateException.class);
            }
            assertThatThrownBy(() -> first.signer(TEXT, rubbish)).isInstanceOf(CertificateException.class);
            assertThatThrownBy(() -> first.signer(TEXT, noBase64)).hasMessageContaining("not Base64");

            cluster.authority(1).remove("h2");
            assertThatThrownBy(() -> first.signer(TEXT, signed)).hasMessageContaining("removed");
        }
    }

    @Test
    void a_host_of_another_cluster_signs_in_vain(@TempDir Path elsewhere) {
        try (ClusterFixture cluster = new ClusterFixture(folder);
                ClusterFixture another = new ClusterFixture(elsewhere)) {
            cluster.found(1);
            another.found(1);
            MemberSignatures.Signed signed = signatures(another, 1).sign(TEXT);
            assertThatThrownBy(() -> signatures(cluster, 1).signer(TEXT, signed))
                    .hasMessageContaining("another cluster");
        }
    }

    /** The members' files, as they are now. */
    private static MemberSignatures signatures(ClusterFixture cluster, int number) {
        return new MemberSignatures(
                () -> cluster.files(number).requireIdentity(),
                () -> cluster.files(number).requireTrustBundle().content().trust(),
                cluster.libraries().signatureChecks());
    }
}
