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
 * How the agent makes enrolment keys through the API of a Netmaker server, and which servers it trusts.
 *
 * @param url the API, {@code https://api.example.com}; empty if the agent makes no keys
 * @param credentialFile the file with the access token for it; only its owner may read it
 * @param networks the networks of the keys
 * @param caFile the CA that has signed the servers' certificates; empty for the CAs that Java trusts
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

    /** Parses the name of a network; fails with an IllegalArgumentException that states the error. */
    static String network(String name) {
        if (!NETWORK_PATTERN.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "must be the name of a network (1 to 32 letters, digits, hyphens, underscores), is "
                            + JsonValues.shown(name));
        }
        return name;
    }

    /** Returns the API, if the agent makes keys. */
    public Optional<URI> base() {
        return url.isEmpty() ? Optional.empty() : Optional.of(URI.create(url));
    }

    /** Returns the CA that has signed the servers' certificates, if it is not one that Java trusts. */
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
