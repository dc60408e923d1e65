// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenFileTest {
    private static final String VALUE = "abcdefghijklmnopqrstuvwxyz012345";
    private static final String TOKEN = base64("{\"server\":\"api.nm.example.com\",\"value\":\"" + VALUE + "\"}");

    @TempDir
    Path folder;

    @Test
    void lines_are_read_as_a_shell_would_and_run_by_none() throws NetmakerException {
        assertThat(TokenFile.parse(Path.of("env"), """
                        # a comment
                        A=plain
                          export B='single $(id) quoted' # why
                        C="double \\"quoted\\" \\$HOME"
                        D=abc== # a comment
                        E=
                        F=$(touch /tmp/x)
                        """.replace("F=$(touch /tmp/x)", "F=$(touch)")))
                .isEqualTo(Map.of(
                        "A", "plain",
                        "B", "single $(id) quoted",
                        "C", "double \"quoted\" $HOME",
                        "D", "abc==",
                        "E", "",
                        "F", "$(touch)"));
    }

    @Test
    void a_malformed_line_is_reported_by_its_number_and_not_shown() {
        assertThatThrownBy(() -> TokenFile.parse(Path.of("env"), "A=1\nB='" + TOKEN + "\n"))
                .hasMessageContaining("line 2")
                .hasMessageNotContaining(TOKEN);
    }

    @Test
    void a_missing_name_is_reported_with_the_existing_ones() throws Exception {
        TokenFile env = TokenFile.read(file("A=" + TOKEN + "\nB=" + TOKEN, "rw-------"));

        assertThat(env.token("A").server()).isEqualTo("api.nm.example.com");
        assertThatThrownBy(() -> env.token("C"))
                .hasMessageContaining("has no C; it has A, B")
                .hasMessageNotContaining(TOKEN);
    }

    @Test
    void a_file_that_others_can_read_is_not_used() throws IOException {
        Path file = file("A=" + TOKEN, "rw-r-----");

        assertThatThrownBy(() -> TokenFile.read(file)).hasMessageContaining("its group or others");
        assertThatThrownBy(() -> TokenFile.read(folder.resolve("none"))).hasMessageContaining("does not exist");
        assertThatThrownBy(() -> TokenFile.read(folder)).hasMessageContaining("is not a regular file");
    }

    @Test
    void a_fifo_is_refused_at_once_and_never_waited_for() throws Exception {
        Path fifo = folder.resolve("fifo");
        assertThat(new ProcessBuilder("mkfifo", "-m", "600", fifo.toString())
                        .start()
                        .waitFor())
                .isZero();

        assertThatThrownBy(() -> TokenFile.read(fifo)).hasMessageContaining("is not a regular file");
    }

    @Test
    void a_token_that_is_none_is_said_to_be_none_without_being_shown() {
        String web = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.c2lnbmF0dXJl";
        for (String text : new String[] {
            web,
            "",
            "no base64!",
            TOKEN.substring(1),
            base64("[]"),
            base64("{\"server\":\"api.x\"}"),
            base64("{\"server\":\"api x\",\"value\":\"" + VALUE + "\"}")
        }) {
            assertThatThrownBy(() -> EnrollmentToken.of("A", text))
                    .hasMessageContaining("A: this is not a Netmaker enrolment token")
                    .satisfies(failure -> assertThat(
                                    text.isEmpty() || !failure.toString().contains(text))
                            .isTrue());
        }
    }

    @Test
    void a_token_does_not_show_itself() throws NetmakerException {
        assertThat(EnrollmentToken.of("A", TOKEN).toString()).doesNotContain(TOKEN, VALUE);
    }

    private Path file(String content, String mode) throws IOException {
        Path file = Files.writeString(folder.resolve("env"), content + "\n");
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
