// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.config.HttpConfig;
import org.opdbus.config.HttpTlsConfig;
import org.opdbus.config.ListenAddress;

/** Which files of {@code http.tls} the agent starts with, and what it says of the others. */
final class TlsFilesTest {
    @TempDir
    private Path folder;

    @Test
    void certificates_of_all_usual_keys_are_used() throws Exception {
        accepts(PemFiles.make(folder, "rsa", "rsa:2048"));
        accepts(PemFiles.make(folder, "ec"));
        accepts(PemFiles.make(folder, "ed", "ed25519"));
    }

    private void accepts(PemFiles made) throws IOException {
        assertThat(options(made.certificate(), made.key().toString()).tls()).isPresent();
    }

    @Test
    void both_may_be_in_one_file_with_text_between_them() throws Exception {
        PemFiles made = PemFiles.make(folder, "one");
        Path both = Files.writeString(
                folder.resolve("both.pem"),
                "the key\n" + Files.readString(made.key()) + "the certificate\n"
                        + Files.readString(made.certificate()));
        Files.setPosixFilePermissions(both, PosixFilePermissions.fromString("rw-r-----"));
        assertThat(options(both, "").tls()).isPresent();
    }

    @Test
    void without_a_certificate_there_is_no_encryption_and_a_key_alone_is_a_mistake() throws Exception {
        assertThat(HttpAccess.options(config(new HttpTlsConfig("", "")), "here").tls())
                .isEmpty();
        assertThatThrownBy(() -> HttpAccess.options(config(new HttpTlsConfig("", "/k.pem")), "here"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("name the file of the certificate");
    }

    @Test
    void what_cannot_be_used_is_refused_with_what_to_do() throws Exception {
        PemFiles made = PemFiles.make(folder, "good");
        PemFiles other = PemFiles.make(folder, "other");
        Path none = folder.resolve("none.pem");
        refuses(none, made.key(), none + "; put a PEM file there");
        refuses(made.certificate(), none, none + "; put a PEM file there");
        refuses(made.certificate(), other.key(), "is not the key of the first certificate in " + made.certificate());
        refuses(made.key(), made.key(), "has no certificate");
        refuses(made.certificate(), made.certificate(), "can be read by every user");

        Files.setPosixFilePermissions(made.key(), PosixFilePermissions.fromString("rw-r--r--"));
        refuses(made.certificate(), made.key(), "chmod o=,g-w " + made.key());
        Files.setPosixFilePermissions(made.key(), PosixFilePermissions.fromString("rw-------"));

        Path old = folder.resolve("old.key");
        PemFiles.run("openssl", "ec", "-in", made.key().toString(), "-out", old.toString());
        Files.setPosixFilePermissions(old, PosixFilePermissions.fromString("rw-------"));
        refuses(made.certificate(), old, "openssl pkey -in " + old);
        Files.writeString(old, "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
        refuses(made.certificate(), old, "has no key that can be read");
        Files.writeString(old, "");
        refuses(made.certificate(), old, "has no key: it needs the lines");
        Files.writeString(old, "x".repeat(70_000));
        refuses(made.certificate(), old, old.toString());

        Path broken = Files.writeString(
                folder.resolve("broken.crt"), "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        refuses(broken, made.key(), "has a certificate that cannot be read");
    }

    private void refuses(Path certificate, Path key, String said) {
        assertThatThrownBy(() -> options(certificate, key.toString()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(said);
    }

    private HttpOptions options(Path certificate, String key) throws IOException {
        return HttpAccess.options(config(new HttpTlsConfig(certificate.toString(), key)), "here");
    }

    private HttpConfig config(HttpTlsConfig tls) {
        return new HttpConfig(new ListenAddress("127.0.0.1", 0), folder.resolve("no.token"), List.of(), tls);
    }
}
