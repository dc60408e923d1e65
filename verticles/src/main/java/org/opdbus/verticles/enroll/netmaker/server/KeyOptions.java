// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker.server;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;

/**
 * How the agent creates enrolment keys.
 *
 * @param url the server's API, {@code https://api.example.com}
 * @param credentialFile the file with the access token that may create keys
 * @param networks the networks that a key leads into
 */
public record KeyOptions(URI url, Path credentialFile, List<String> networks) {
    public KeyOptions {
        networks = List.copyOf(networks);
    }
}
