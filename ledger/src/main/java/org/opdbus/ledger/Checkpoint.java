// SPDX-License-Identifier: Apache-2.0
package org.opdbus.ledger;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.opdbus.ledger.text.Sha256;

/**
 * What a ledger's host has signed: its origin, how many entries there are, and the root of the Merkle tree over them.
 *
 * <p>On disk it is a signed note of c2sp.org/tlog-checkpoint and c2sp.org/signed-note.
 *
 * @param origin the name of the key that signs
 * @param size how many entries
 * @param root the RFC 6962 root over their lines, in base64
 * @param note the whole signed note
 */
public record Checkpoint(String origin, long size, String root, String note) {
    private static final String SIGNATURE_START = "— ";
    private static final int NOTE_BYTES_MAX = 64 * 1024;
    private static final Pattern SIZE = Pattern.compile("0|[1-9][0-9]{0,15}");

    /** The result of a signature check. */
    public enum Signed {
        /** The key signed it. */
        BY_THE_KEY,
        /** It has no signature. */
        NOT_AT_ALL,
        /** Only other keys signed it. */
        BY_ANOTHER_KEY,
        /** It has a signature under the key's name, but that is not valid. */
        WRONGLY
    }

    /** Parses a checkpoint; refuses any text that is not exactly one. */
    public static Checkpoint parse(String note) {
        int blank = note.lastIndexOf("\n\n");
        if (blank < 0 || !note.endsWith("\n") || note.chars().anyMatch(c -> c < ' ' && c != '\n')) {
            throw malformed("it is not a signed note");
        }
        // Extension lines are refused: their content could not be checked against the entries.
        String[] lines = note.substring(0, blank).split("\n", -1);
        if (lines.length != 3 || lines[0].isEmpty() || !SIZE.matcher(lines[1]).matches() || !isHash(lines[2])) {
            throw malformed("its text is not an origin, a size and a root hash, each on a line");
        }
        Checkpoint checkpoint = new Checkpoint(lines[0], Long.parseLong(lines[1]), lines[2], note);
        for (String line : checkpoint.signatureLines()) {
            if (!line.startsWith(SIGNATURE_START) || line.split(" ", -1).length != 3) {
                throw malformed("a signature line is malformed");
            }
        }
        return checkpoint;
    }

    /**
     * Parses a checkpoint that this key signed under its own name.
     *
     * @throws LedgerException (KEY) if it is not a checkpoint, or the key did not sign it
     */
    public static Checkpoint parseSigned(String note, VerifierKey key) {
        Checkpoint checkpoint = parse(note);
        if (!checkpoint.isSignedBy(key)) {
            throw new LedgerException(
                    LedgerException.Reason.KEY,
                    "the checkpoint of " + checkpoint.size() + " entries is not signed by " + key.name()
                            + ", or the signature is not valid");
        }
        return checkpoint;
    }

    /** Returns the checkpoint in a file; empty if there is no such file. */
    public static Optional<Checkpoint> read(Path file) {
        try {
            return Optional.of(parse(text(LedgerFile.read(file, NOTE_BYTES_MAX))));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (CharacterCodingException e) {
            throw new LedgerException(LedgerException.Reason.KEY, "the checkpoint " + file + " is not UTF-8 text", e);
        } catch (NotRegularFileException e) {
            throw new LedgerException(
                    LedgerException.Reason.KEY, "the checkpoint " + file + " is refused: " + e.getReason(), e);
        } catch (IOException e) {
            throw LedgerException.io("cannot read the checkpoint", file, e);
        }
    }

    private static String text(byte[] bytes) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
    }

    /** Returns whether the key signed this, and if not, what there is instead. */
    public Signed signed(VerifierKey key) {
        List<String> lines = signatureLines();
        Signed best = lines.isEmpty() ? Signed.NOT_AT_ALL : Signed.BY_ANOTHER_KEY;
        for (String line : lines) {
            String[] words = line.split(" ", -1);
            Optional<byte[]> decoded = strictBase64(words[2]);
            if (decoded.isEmpty() || decoded.get().length < Integer.BYTES) {
                return Signed.WRONGLY;
            }
            byte[] signature = decoded.get();
            byte[] id = Arrays.copyOf(signature, Integer.BYTES);
            if (words[1].equals(key.name()) && Arrays.equals(id, key.id())) {
                return key.verifies(text(), Arrays.copyOfRange(signature, Integer.BYTES, signature.length))
                        ? Signed.BY_THE_KEY
                        : Signed.WRONGLY;
            }
        }
        return best;
    }

    /** Returns whether the key signed this, under its own name. */
    public boolean isSignedBy(VerifierKey key) {
        return origin.equals(key.name()) && signed(key) == Signed.BY_THE_KEY;
    }

    /** Returns whether there is a signature at all, of any key. */
    public boolean isSignedBySomebody() {
        return !signatureLines().isEmpty();
    }

    public byte[] rootHash() {
        return Base64.getDecoder().decode(root);
    }

    /** Returns the text that is signed, with its last newline. */
    byte[] text() {
        return text(origin, size, root).getBytes(StandardCharsets.UTF_8);
    }

    static String text(String origin, long size, String root) {
        return origin + "\n" + size + "\n" + root + "\n";
    }

    public static Checkpoint sign(HostKey key, long size, byte[] rootHash) {
        String root = Base64.getEncoder().encodeToString(rootHash);
        String origin = key.verifier().name();
        String text = text(origin, size, root);
        byte[] signature = key.sign(text.getBytes(StandardCharsets.UTF_8));
        byte[] withId = Arrays.copyOf(key.verifier().id(), Integer.BYTES + signature.length);
        System.arraycopy(signature, 0, withId, Integer.BYTES, signature.length);
        String line = SIGNATURE_START + origin + " " + Base64.getEncoder().encodeToString(withId) + "\n";
        return new Checkpoint(origin, size, root, text + "\n" + line);
    }

    private List<String> signatureLines() {
        String lines = note.substring(note.lastIndexOf("\n\n") + 2);
        return lines.isEmpty()
                ? List.of()
                : List.of(lines.substring(0, lines.length() - 1).split("\n", -1));
    }

    static boolean isHash(String text) {
        return strictBase64(text).filter(hash -> hash.length == Sha256.BYTES).isPresent();
    }

    /** Decodes base64 in its canonical form only; Java's decoder accepts stray last bits. */
    public static Optional<byte[]> strictBase64(String text) {
        try {
            byte[] decoded = Base64.getDecoder().decode(text);
            return Base64.getEncoder().encodeToString(decoded).equals(text) ? Optional.of(decoded) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static LedgerException malformed(String why) {
        return new LedgerException(LedgerException.Reason.KEY, "the checkpoint is malformed: " + why);
    }
}
