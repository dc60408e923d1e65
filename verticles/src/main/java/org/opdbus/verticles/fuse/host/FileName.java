// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse.host;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Turns names of the database and the kernel into file names and back. A slash, a control character and a percent sign become a
 * percent sign and two hex digits for each byte, as in an address on the web; so do all the dots of the names {@code .} and {@code ..}.
 * The other names are file names as they are.
 */
final class FileName {
    /** The longest file name (NAME_MAX of Linux). */
    static final int BYTES_MAX = 255;

    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private FileName() {}

    /** Returns the file name of a name; empty if the name is empty, not text, or too long for a file name. */
    static Optional<String> of(String name) {
        boolean isDots = name.equals(".") || name.equals("..");
        StringBuilder file = new StringBuilder(name.length());
        int bytes = 0;
        for (int i = 0; i < name.length(); i += Character.charCount(name.codePointAt(i))) {
            int c = name.codePointAt(i);
            if (Character.getType(c) == Character.SURROGATE) {
                return Optional.empty();
            }
            byte[] utf8 = Character.toString(c).getBytes(StandardCharsets.UTF_8);
            if (isDots || c == '/' || c == '%' || Character.isISOControl(c)) {
                for (byte each : utf8) {
                    file.append('%').append(HEX.toHexDigits(each));
                }
                bytes += 3 * utf8.length;
            } else {
                file.appendCodePoint(c);
                bytes += utf8.length;
            }
            if (bytes > BYTES_MAX) {
                return Optional.empty();
            }
        }
        return bytes == 0 ? Optional.empty() : Optional.of(file.toString());
    }

    /** Returns the name that has this file name; empty if no name has it. */
    static Optional<String> nameOf(String file) {
        if (file.indexOf('%') < 0) {
            return of(file).filter(file::equals);
        }
        byte[] bytes = file.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream name = new ByteArrayOutputStream(bytes.length);
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] != '%') {
                name.write(bytes[i]);
            } else if (i + 2 < bytes.length
                    && HexFormat.isHexDigit(bytes[i + 1])
                    && HexFormat.isHexDigit(bytes[i + 2])) {
                name.write(HexFormat.fromHexDigit(bytes[i + 1]) << 4 | HexFormat.fromHexDigit(bytes[i + 2]));
                i += 2;
            } else {
                return Optional.empty();
            }
        }
        try {
            String decoded = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(name.toByteArray()))
                    .toString();
            return of(decoded).filter(file::equals).map(same -> decoded);
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}
