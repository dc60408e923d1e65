// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.membership.trust;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.opdbus.config.ListenAddress;
import org.opdbus.verticles.membership.trust.MembershipException.Reason;

/**
 * What lets one host in, once: where the door is, by which CA to know it, and a secret.
 *
 * @param door the address at which the CA's host lets others in
 * @param authority the fingerprint of the CA
 * @param secret what only the door and the bearer know
 */
public record Token(ListenAddress door, String authority, String secret) {
    /** How every token begins, by which one is known where it should not be. */
    public static final String PREFIX = "opdbus1.";

    private static final int LENGTH_MAX = 2048;

    /** All of it in one word, which is a secret. */
    public String text() {
        String json = new JsonObject()
                .put("door", door.toString())
                .put("ca", authority)
                .put("secret", secret)
                .encode();
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Reads one.
     *
     * @throws MembershipException REFUSED, without a word of what was read, if it is none
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
            // What it says must not get into a message, so its cause does not either.
            throw new MembershipException(Reason.REFUSED, "this is no token of \"op-dbus cluster token\"");
        }
        throw new MembershipException(Reason.REFUSED, "this is no token of \"op-dbus cluster token\"");
    }

    @Override
    public String toString() {
        return "token for " + door;
    }
}
