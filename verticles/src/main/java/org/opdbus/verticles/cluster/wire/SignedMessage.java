// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.wire;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Messages with the signature of their sender: the last two fields of the JSON, {@code cert} and {@code sig}, sign
 * everything before them. The receiver reads nothing that was not signed, and nothing that was signed for another host.
 */
public final class SignedMessage {
    private static final int SIGNATURE_CHARACTERS_MAX = 8 * 1024;
    private static final Pattern SIGNATURE =
            Pattern.compile(",\"cert\":\"([A-Za-z0-9+/=]{1,6000})\",\"sig\":\"([A-Za-z0-9+/=]{1,1000})\"}$");

    private SignedMessage() {}

    /** Why a message is forged. */
    public enum Reason {
        /** No member signed it. */
        SIGNATURE,
        /** A member signed it in the name of another host. */
        SENDER,
        /** It was signed for another host; who passed it on is not known. */
        RECEIVER;

        /** Returns whether the signature proves who forged it. */
        public boolean isProved() {
            return this == SENDER;
        }
    }

    /** A message was not signed by the member in whose name it speaks, or not for this host. */
    public static final class ForgedException extends Exception {
        private static final long serialVersionUID = 1;
        private final Reason reason;
        private final String by;

        private ForgedException(Reason reason, String by, String why) {
            super(why);
            this.reason = reason;
            this.by = by;
        }

        public Reason reason() {
            return reason;
        }

        /** Returns the member that forged the message, or the name in a message that no member signed; ? if unknown. */
        public String by() {
            return by;
        }
    }

    /** Returns the bytes of a message for one host, or for all, signed. */
    public static Buffer write(Message message, String to, MessageSigner signer) {
        return signed(Wire.write(message, to), signer);
    }

    /** Returns JSON with the signature as its last fields. */
    public static Buffer signed(Buffer text, MessageSigner signer) {
        MessageSigner.Signature signature = signer.sign(text.getBytes());
        return text.slice(0, text.length() - 1)
                .copy()
                .appendString(",\"cert\":\"" + signature.certificate() + "\",\"sig\":\"" + signature.value() + "\"}");
    }

    /**
     * Parses a message whose signature is its sender's; empty if it is of a kind that this version does not know.
     *
     * @param self this host
     * @throws ForgedException if another member, or none, signed it, or if it is for another host
     * @throws IllegalArgumentException if it is malformed, with the error
     */
    public static Optional<Message> read(Buffer bytes, String self, MessageSigner signer) throws ForgedException {
        if (bytes.length() > Wire.BYTES_MAX + SIGNATURE_CHARACTERS_MAX) {
            throw new IllegalArgumentException("it is over " + Wire.BYTES_MAX + " bytes long");
        }
        int from = Math.max(0, bytes.length() - SIGNATURE_CHARACTERS_MAX);
        Matcher found =
                SIGNATURE.matcher(new String(bytes.getBytes(from, bytes.length()), StandardCharsets.ISO_8859_1));
        if (!found.find()) {
            throw new ForgedException(
                    Reason.SIGNATURE, Wire.hostOf(bytes).orElse("?"), "it carries no signature; is its agent older?");
        }
        Buffer text = bytes.slice(0, from + found.start()).copy().appendString("}");
        String by = signer(text, found, signer);
        JsonNode json = Wire.json(text);
        Optional<Message> message = Wire.read(json);
        if (message.isPresent() && !message.get().host().equals(by)) {
            throw new ForgedException(
                    Reason.SENDER,
                    by,
                    "it speaks in the name of " + message.get().host());
        }
        Optional<String> receiver = Wire.receiver(json);
        if (receiver.isPresent() && !receiver.get().equals(self)) {
            throw new ForgedException(
                    Reason.RECEIVER, "?", by + " signed it for " + receiver.get() + ", and another host passed it on");
        }
        return message;
    }

    private static String signer(Buffer text, Matcher found, MessageSigner signer) throws ForgedException {
        try {
            return signer.signer(text.getBytes(), new MessageSigner.Signature(found.group(1), found.group(2)));
        } catch (CertificateException e) {
            throw new ForgedException(
                    Reason.SIGNATURE, Wire.hostOf(text).orElse("?"), "its signature is not valid: " + e.getMessage());
        }
    }
}
