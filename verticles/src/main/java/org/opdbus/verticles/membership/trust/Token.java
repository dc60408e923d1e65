// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership.trust;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.opdbus.config.ListenAddress;
import org.opdbus.verticles.membership.trust.MembershipException.Reason;

/**
 * Admits one host, once: the address of the join server, the fingerprint of its CA, and a secret.
 *
 * @param door the address at which the CA's host admits hosts
 * @param authority the fingerprint of the CA
 * @param secret known only to the CA's host and the bearer
 */
public record Token(ListenAddress door, String authority, String secret) {
    /** The beginning of every token, by which a token is recognised where it should not be. */
    public static final String PREFIX = "opdbus1.";

    private static final int LENGTH_MAX = 2048;

    /** Returns the token as one word, which is a secret. */
    public String text() {
        String json = new JsonObject()
                .put("door", door.toString())
                .put("ca", authority)
                .put("secret", secret)
                .encode();
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Parses a token.
     *
     * @throws MembershipException REFUSED, without any part of the text, if it is not a token
     */
    public static Token parse(String text) {
        String word = text.strip();
        try {
            if (word.startsWith(PREFIX) && word.length() <= LENGTH_MAX) {
                byte[] json = Base64.getUrlDecoder().decode(word.substring(PREFIX.length()));
                JsonObject object = new JsonObject(new String(json, StandardCharsets.UTF_8));
                return new Token(
                        ListenAddress.parse(object.getString("door")),
                        object.getString("ca"),
                        object.getString("secret"));
            }
        } catch (IllegalArgumentException | DecodeException | NullPointerException | ClassCastException e) {
            // The text must not get into a message, so the cause does not either.
            throw new MembershipException(Reason.REFUSED, "this is not a token of \"op-dbus cluster " + "token\"");
        }
        throw new MembershipException(Reason.REFUSED, "this is not a token of \"op-dbus cluster " + "token\"");
    }

    @Override
    public String toString() {
        return "token for " + door;
    }
}
