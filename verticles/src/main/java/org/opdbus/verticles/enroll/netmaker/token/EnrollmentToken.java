// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker.token;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import org.opdbus.verticles.enroll.netmaker.token.NetmakerException.Reason;

/**
 * A Netmaker enrolment token: base64 of {@code {"server","value"}}. Every program that holds it can join, so nothing but {@link
 * #reveal} shows it.
 */
public final class EnrollmentToken {
    private static final int LENGTH_MAX = 4_096;
    private static final String REMEDY = "copy the key's token from the server's page of enrolment keys";
    private static final Pattern WEB_TOKEN = Pattern.compile("eyJ[\\w-]*\\.[\\w-]*\\.?[\\w-]*");
    private static final Pattern SERVER = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]{0,252})(:[0-9]{1,5})?");
    private static final Pattern VALUE = Pattern.compile("[A-Za-z0-9_-]{16,256}");

    private final String text;
    private final String server;
    private final String value;

    private EnrollmentToken(String text, String server, String value) {
        this.text = text;
        this.server = server;
        this.value = value;
    }

    /**
     * A token.
     *
     * @param name what it is called, for the message
     * @throws NetmakerException NOT_A_TOKEN, saying what is wrong without showing any of it
     */
    public static EnrollmentToken of(String name, String text) throws NetmakerException {
        if (text.isEmpty()) {
            throw malformed(name, "it is empty");
        }
        if (WEB_TOKEN.matcher(text).matches()) {
            throw malformed(name, "it is a JSON web token, as servers give to users who log in");
        }
        if (text.length() > LENGTH_MAX || text.length() % 4 != 0) {
            throw malformed(name, "it is not whole base64 (its length is " + text.length() + ")");
        }
        JsonObject json;
        try {
            json = new JsonObject(new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException notBase64) {
            throw malformed(name, "it is not base64");
        } catch (DecodeException notJson) {
            throw malformed(name, "it is not base64 of a JSON object");
        }
        if (!(json.getValue("server") instanceof String server) || !(json.getValue("value") instanceof String value)) {
            throw malformed(name, "it lacks \"server\" or \"value\"");
        }
        if (!SERVER.matcher(server).matches()) {
            throw malformed(name, "its server is not a host name");
        }
        if (!VALUE.matcher(value).matches()) {
            throw malformed(name, "its value is not that of a key");
        }
        return new EnrollmentToken(text, server, value);
    }

    private static NetmakerException malformed(String name, String why) {
        return new NetmakerException(
                Reason.NOT_A_TOKEN, name + ": this is not a Netmaker enrolment token: " + why, REMEDY);
    }

    /** The host, and perhaps the port, of the server's API. Not secret. */
    public String server() {
        return server;
    }

    /** The token itself, for netclient's standard input and for nothing else. */
    public String reveal() {
        return text;
    }

    /** The key itself, for the server's API and for nothing else. */
    public String value() {
        return value;
    }

    /** Everything by which the token could be known, to be struck out of texts. */
    public List<String> secrets() {
        return List.of(text, value, URLEncoder.encode(text, StandardCharsets.UTF_8));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof EnrollmentToken token
                && MessageDigest.isEqual(
                        token.text.getBytes(StandardCharsets.UTF_8), text.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public int hashCode() {
        return server.hashCode();
    }

    @Override
    public String toString() {
        return "a token for " + server;
    }
}
