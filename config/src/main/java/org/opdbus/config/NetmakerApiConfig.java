// SPDX-License-Identifier: Apache-2.0
package org.opdbus.config;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.opdbus.config.json.JsonValues;
import org.opdbus.config.json.Limit;

/**
 * How enrolment keys are made through the API of a Netmaker server, and how servers' APIs are trusted.
 *
 * @param url the API, {@code https://api.example.com}; empty if no keys are made
 * @param credentialFile the file with the access token for it; readable by its owner only
 * @param networks the networks that keys lead into
 * @param caFile who has signed the servers' certificates; empty for those whom Java trusts
 */
public record NetmakerApiConfig(String url, Path credentialFile, List<String> networks, String caFile) {
    private static final Pattern NETWORK_PATTERN = Pattern.compile("[A-Za-z0-9_-]{1,32}");

    static final Limit<String> URL =
            Limit.that(NetmakerApiConfig::isUrl, "must be https://HOST or https://HOST:PORT, or empty");
    static final Limit<Path> CREDENTIAL_FILE = Limit.absolutePath();
    static final Limit<String> CA_FILE =
            Limit.that(file -> file.isEmpty() || file.startsWith("/"), "must be an absolute path, or empty");

    public NetmakerApiConfig {
        URL.check("url", url);
        CREDENTIAL_FILE.check("credentialFile", credentialFile);
        CA_FILE.check("caFile", caFile);
        networks = List.copyOf(networks);
    }

    public static NetmakerApiConfig defaults() {
        return new NetmakerApiConfig("", Path.of("/etc/op-dbus/netmaker.key"), List.of(), "");
    }

    /** The name of a network; fails with an IllegalArgumentException that says what is wrong with it. */
    static String network(String name) {
        if (!NETWORK_PATTERN.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "must be the name of a network (1 to 32 letters, digits, hyphens, underscores), is "
                            + JsonValues.shown(name));
        }
        return name;
    }

    /** The API, if keys are made. */
    public Optional<URI> base() {
        return url.isEmpty() ? Optional.empty() : Optional.of(URI.create(url));
    }

    /** Who has signed the servers' certificates, if that is not left to Java. */
    public Optional<Path> authorities() {
        return caFile.isEmpty() ? Optional.empty() : Optional.of(Path.of(caFile));
    }

    private static boolean isUrl(String text) {
        if (text.isEmpty()) {
            return true;
        }
        try {
            URI url = URI.create(text);
            return "https".equals(url.getScheme())
                    && url.getHost() != null
                    && url.getUserInfo() == null
                    && url.getRawPath().replace("/", "").isEmpty()
                    && url.getRawQuery() == null
                    && url.getRawFragment() == null;
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }
}
