// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Objects;
import java.util.Optional;
import org.opdbus.ledger.text.Sha256;

/**
 * The public half of a host key. It verifies that a host signed a checkpoint.
 *
 * <p>Its text is the verifier key of the note tools (golang.org/x/mod/sumdb/note): name, key id in hex and key in
 * base64, joined by plus signs. The key id is that of c2sp.org/signed-note.
 */
public final class VerifierKey {
    private static final byte ED25519 = 1;
    /** The bytes before the 32 bytes of an Ed25519 key in its X.509 form (RFC 8410 section 4). */
    private static final byte[] X509_START = HexFormat.of().parseHex("302a300506032b6570032100");

    private static final int KEY_BYTES = 32;
    /** Far more than the text of any key. */
    private static final int TEXT_BYTES_MAX = 4096;

    private final String name;
    private final byte[] raw;
    private final PublicKey key;

    private VerifierKey(String name, byte[] raw, PublicKey key) {
        this.name = name;
        this.raw = raw;
        this.key = key;
    }

    static VerifierKey of(String name, byte[] raw) {
        if (raw.length != KEY_BYTES || !isName(name)) {
            throw malformed("the name must have no white space or plus sign, and the key " + KEY_BYTES + " bytes");
        }
        byte[] encoded = Arrays.copyOf(X509_START, X509_START.length + KEY_BYTES);
        System.arraycopy(raw, 0, encoded, X509_START.length, KEY_BYTES);
        try {
            PublicKey key = KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
            return new VerifierKey(name, raw.clone(), key);
        } catch (GeneralSecurityException e) {
            throw malformed("it is not an Ed25519 key");
        }
    }

    static boolean isName(String name) {
        return !name.isEmpty() && name.chars().noneMatch(c -> c == '+' || c <= ' ' || Character.isSpaceChar(c));
    }

    /** Parses a key. */
    public static VerifierKey parse(String text) {
        String[] parts = text.strip().split("\\+", 3);
        Optional<byte[]> encoded = parts.length == 3 ? Checkpoint.strictBase64(parts[2]) : Optional.empty();
        if (encoded.isEmpty() || encoded.get().length != 1 + KEY_BYTES || encoded.get()[0] != ED25519) {
            throw malformed("expected name+id+base64 of an Ed25519 key, as in host.pub");
        }
        VerifierKey key = of(parts[0], Arrays.copyOfRange(encoded.get(), 1, 1 + KEY_BYTES));
        if (!HexFormat.of().formatHex(key.id()).equals(parts[1])) {
            throw malformed("its id does not match its name and key");
        }
        return key;
    }

    /** Returns the key in a file, such as {@code host.pub}. */
    public static VerifierKey read(Path file) {
        try {
            return parse(new String(LedgerFile.readNamed(file, TEXT_BYTES_MAX), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw LedgerException.io("cannot read the public key", file, e);
        } catch (LedgerException e) {
            throw new LedgerException(LedgerException.Reason.KEY, file + ": " + e.getMessage(), e);
        }
    }

    /** Returns the name that the key signs under, which is the origin of its checkpoints. */
    public String name() {
        return name;
    }

    /** Returns the SHA-256 of the 32 bytes of the key in lower-case hex, by which people compare two copies of a key. */
    public String fingerprint() {
        return HexFormat.of().formatHex(Sha256.of(raw));
    }

    /** Returns the four bytes by which a signature names its key. */
    byte[] id() {
        byte[] start = (name + "\n").getBytes(StandardCharsets.UTF_8);
        byte[] named = Arrays.copyOf(start, start.length + 1 + KEY_BYTES);
        named[start.length] = ED25519;
        System.arraycopy(raw, 0, named, start.length + 1, KEY_BYTES);
        return Arrays.copyOf(Sha256.of(named), Integer.BYTES);
    }

    boolean verifies(byte[] text, byte[] signature) {
        try {
            Signature check = Signature.getInstance("Ed25519");
            check.initVerify(key);
            check.update(text);
            return check.verify(signature);
        } catch (SignatureException e) {
            // A signature of the wrong length or form is a wrong signature.
            return false;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform since 15 has Ed25519", e);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof VerifierKey that && name.equals(that.name) && Arrays.equals(raw, that.raw);
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, Arrays.hashCode(raw));
    }

    /** Returns the key's text. */
    @Override
    public String toString() {
        byte[] typed = new byte[1 + KEY_BYTES];
        typed[0] = ED25519;
        System.arraycopy(raw, 0, typed, 1, KEY_BYTES);
        return name + "+" + HexFormat.of().formatHex(id()) + "+"
                + Base64.getEncoder().encodeToString(typed);
    }

    private static LedgerException malformed(String why) {
        return new LedgerException(LedgerException.Reason.KEY, "this is not a public key of a ledger: " + why);
    }
}
