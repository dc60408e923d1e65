// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;

/**
 * The key with which a host signs its checkpoints: {@code host.key} (PKCS #8, Ed25519, mode 0600), made at the first
 * run, and {@code host.pub} beside it for verification.
 */
public final class HostKey {
    private static final String PEM_START = "-----BEGIN PRIVATE KEY-----";
    private static final String PEM_END = "-----END PRIVATE KEY-----";
    /** The bytes before the 32 secret bytes of an Ed25519 key in PKCS #8 (RFC 8410 section 7). */
    private static final byte[] PKCS8_START = HexFormat.of().parseHex("302e020100300506032b657004220420");

    /** Far more than the text of any key. */
    private static final int TEXT_BYTES_MAX = 4096;

    private static final Set<PosixFilePermission> OTHERS = EnumSet.of(
            PosixFilePermission.GROUP_READ,
            PosixFilePermission.GROUP_WRITE,
            PosixFilePermission.OTHERS_READ,
            PosixFilePermission.OTHERS_WRITE);

    private final PrivateKey key;
    private final VerifierKey verifier;

    private HostKey(PrivateKey key, VerifierKey verifier) {
        this.key = key;
        this.verifier = verifier;
    }

    /** Returns the key in a file; makes it if there is none. A key keeps the name that it was made under. */
    public static HostKey open(Path keyFile, String nameIfNew) {
        Path file = keyFile.toAbsolutePath();
        try {
            if (!Files.exists(file)) {
                create(file, nameIfNew);
            }
            return load(file, nameIfNew);
        } catch (IOException e) {
            throw LedgerException.io("cannot use the host key", file, e);
        } catch (GeneralSecurityException e) {
            throw new LedgerException(
                    LedgerException.Reason.KEY, "cannot use the host key " + file + ": it is not an Ed25519 key", e);
        }
    }

    /** Returns the path of the public half of a key: {@code host.pub} for {@code host.key}. */
    static Path publicFile(Path file) {
        String name = file.getFileName().toString();
        String stem = name.endsWith(".key") ? name.substring(0, name.length() - ".key".length()) : name;
        return file.resolveSibling(stem + ".pub");
    }

    public VerifierKey verifier() {
        return verifier;
    }

    byte[] sign(byte[] text) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(key);
            signature.update(text);
            return signature.sign();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("signing with a key that was tried failed", e);
        }
    }

    private static void create(Path file, String name) throws IOException {
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        byte[] encoded = Arrays.copyOf(PKCS8_START, PKCS8_START.length + secret.length);
        System.arraycopy(secret, 0, encoded, PKCS8_START.length, secret.length);
        String pem = PEM_START + "\n" + Base64.getEncoder().encodeToString(encoded) + "\n" + PEM_END + "\n";
        Files.createDirectories(file.resolveSibling(""));
        // The public half is written first: if the process ends in between, a second run overwrites
        // it.
        replace(publicFile(file), verifier(name, secret) + "\n", "rw-r--r--");
        replace(file, pem, "rw-------");
    }

    private static HostKey load(Path file, String nameIfUnknown) throws IOException, GeneralSecurityException {
        if (Files.getPosixFilePermissions(file).stream().anyMatch(OTHERS::contains)) {
            throw new LedgerException(
                    LedgerException.Reason.KEY, "the host key " + file + " is open to others: chmod 600 " + file);
        }
        String text = new String(LedgerFile.readNamed(file, TEXT_BYTES_MAX), StandardCharsets.UTF_8).strip();
        if (!text.startsWith(PEM_START) || !text.endsWith(PEM_END)) {
            throw new LedgerException(
                    LedgerException.Reason.KEY, "the host key " + file + " is not a PKCS #8 PEM file");
        }
        byte[] encoded = decode(file, text.substring(PEM_START.length(), text.length() - PEM_END.length()));
        PrivateKey key = KeyFactory.getInstance("Ed25519").generatePrivate(new PKCS8EncodedKeySpec(encoded));
        byte[] secret = Arrays.copyOfRange(encoded, PKCS8_START.length, encoded.length);
        Path publicFile = publicFile(file);
        if (!Files.exists(publicFile)) {
            replace(publicFile, verifier(nameIfUnknown, secret) + "\n", "rw-r--r--");
        }
        VerifierKey verifier = VerifierKey.read(publicFile);
        if (!verifier.equals(verifier(verifier.name(), secret))) {
            throw new LedgerException(
                    LedgerException.Reason.KEY,
                    "the host key " + file + " and " + publicFile + " do not belong together");
        }
        return new HostKey(key, verifier);
    }

    private static byte[] decode(Path file, String base64) {
        try {
            byte[] encoded = Base64.getMimeDecoder().decode(base64);
            if (encoded.length == PKCS8_START.length + 32
                    && Arrays.equals(encoded, 0, PKCS8_START.length, PKCS8_START, 0, PKCS8_START.length)) {
                return encoded;
            }
        } catch (IllegalArgumentException e) {
            throw new LedgerException(LedgerException.Reason.KEY, "the host key " + file + " is not a PEM file", e);
        }
        throw new LedgerException(LedgerException.Reason.KEY, "the host key " + file + " is not a plain Ed25519 key");
    }

    /**
     * Computes the public half. The platform derives one only while making a pair, so a pair is made with the known
     * secret.
     */
    private static VerifierKey verifier(String name, byte[] secret) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
            generator.initialize(NamedParameterSpec.ED25519, new Known(secret));
            PublicKey key = generator.generateKeyPair().getPublic();
            byte[] encoded = key.getEncoded();
            return VerifierKey.of(name, Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform since 15 has Ed25519", e);
        }
    }

    /** Writes a small file so that it is complete or absent after a crash. */
    private static void replace(Path file, String text, String mode) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        try (FileChannel channel = FileChannel.open(
                fresh,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode)))) {
            channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        new LedgerDirectory(file.resolveSibling("")).sync();
    }

    /** A source of "random" bytes that are known beforehand: the secret bytes of an existing key. */
    private static final class Known extends SecureRandom {
        private static final long serialVersionUID = 1L;

        private final byte[] secret;

        Known(byte[] secret) {
            this.secret = secret.clone();
        }

        @Override
        public void nextBytes(byte[] bytes) {
            System.arraycopy(secret, 0, bytes, 0, bytes.length);
        }
    }
}
