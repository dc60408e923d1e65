// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.nats.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.opdbus.verticles.kernel.FileFacts;
import org.opdbus.verticles.kernel.RegularFile;

/** A NATS credentials file: a user's signed token, and the key that signs what the server asks. The library reads it itself. */
final class CredentialsFile {
    private static final int BYTES_MAX = 64 << 10;
    private static final List<String> PARTS = List.of("BEGIN NATS USER JWT", "BEGIN USER NKEY SEED");

    private CredentialsFile() {}

    /**
     * Looks at the file first, because the library says of one that it cannot use only that it cannot connect.
     *
     * @throws IOException if it is no such file, or others can read it; the message says what to do and shows nothing of it
     */
    static void check(Path file) throws IOException {
        try (RegularFile opened = RegularFile.open(file)) {
            if ((opened.facts().mode() & FileFacts.OTHERS) != 0) {
                throw new IOException("the NATS credentials in " + file
                        + " can be read by group or others; set the mode of the file to 0600");
            }
            String text = new String(opened.read(BYTES_MAX), StandardCharsets.UTF_8);
            if (!PARTS.stream().allMatch(text::contains)) {
                throw new IOException(file + " holds no NATS credentials, which have the parts "
                        + String.join(" and ", PARTS) + "; put the credentials of this host's user there");
            }
        } catch (NoSuchFileException none) {
            throw new IOException(
                    "there are no NATS credentials in " + file
                            + "; put those of this host's user there, or correct cluster.nats.credentials",
                    none);
        }
    }
}
