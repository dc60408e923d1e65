// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.verticles.membership.tls.NatsServerTrust;
import org.opdbus.verticles.membership.trust.Certificates;
import org.opdbus.verticles.membership.trust.Certificates.Signer;
import org.opdbus.verticles.membership.trust.Certificates.Validity;
import org.opdbus.verticles.membership.trust.Identity;
import org.opdbus.verticles.membership.trust.Pem;
import org.opdbus.verticles.membership.trust.Trust;

class NatsServerTrustTest {
    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    Path folder;

    private final Certificates certificates = Libraries.load().certificates();
    private final Instant now = Instant.now();
    private Signer authority;
    private NatsServerTrust servers;
    private Trust members;

    @BeforeEach
    void make() {
        authority = authority("CA 1");
        members = new Trust(List.of(authority.certificate()), List.of());
        servers = new NatsServerTrust(() -> members);
    }

    @Test
    void a_servers_certificate_is_a_servers_and_no_members() throws CertificateException {
        for (String address : List.of("10.0.0.1", "2001:db8::1", "nats1.example.org")) {
            X509Certificate server = server(authority, address, new Validity(now.minus(DAY), now.plus(DAY)));
            servers.checkServerTrusted(new X509Certificate[] {server}, "");
            assertThat(server.getSubjectAlternativeNames()).hasSize(2);
            assertThat(Identity.hostOf(server)).isEmpty();
            assertThatThrownBy(() -> members.host(server)).hasMessage("it is not a certificate of a host");
        }
    }

    @Test
    void a_members_certificate_is_no_servers() throws CertificateException {
        KeyPair keys = Pem.newKeys();
        X509Certificate member = certificates.issue(
                authority,
                certificates.request(keys),
                Certificates.NATS_SERVER,
                new Validity(now.minus(DAY), now.plus(DAY)));
        assertThat(members.host(member)).isEqualTo(Certificates.NATS_SERVER);
        assertThatThrownBy(() -> servers.checkServerTrusted(new X509Certificate[] {member}, ""))
                .hasMessage("it is not a certificate of a nats-server");
    }

    @Test
    void a_server_that_has_expired_or_is_of_another_cluster_is_refused() {
        X509Certificate old =
                server(authority, "10.0.0.1", new Validity(now.minus(DAY).minus(DAY), now.minus(DAY)));
        X509Certificate foreign = server(authority("CA 2"), "10.0.0.1", new Validity(now.minus(DAY), now.plus(DAY)));
        assertThatThrownBy(() -> servers.checkServerTrusted(new X509Certificate[] {old}, ""))
                .hasMessageContaining("expired");
        assertThatThrownBy(() -> servers.checkServerTrusted(new X509Certificate[] {foreign}, ""))
                .hasMessageContaining("of another cluster");
        assertThatThrownBy(() -> servers.checkServerTrusted(new X509Certificate[0], ""))
                .hasMessageContaining("no certificate");
        assertThatThrownBy(() -> servers.checkClientTrusted(new X509Certificate[] {foreign}, ""))
                .isInstanceOf(CertificateException.class);
    }

    private X509Certificate server(Signer signer, String address, Validity validity) {
        return certificates.natsServer(signer, Pem.newKeys().getPublic(), address, validity);
    }

    private Signer authority(String name) {
        KeyPair keys = Pem.newKeys();
        return new Signer(
                keys.getPrivate(),
                certificates.authority(keys, name, new Validity(now.minus(DAY).minus(DAY), now.plus(DAY))));
    }
}
