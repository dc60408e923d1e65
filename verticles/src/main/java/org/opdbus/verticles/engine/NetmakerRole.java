// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.engine;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Recognises Netmaker's own containers, and says which part of Netmaker each is: by the label {@code netmaker.role}, by its
 * service in a compose file, by its image, or by its name.
 */
final class NetmakerRole {
    private static final String ROLE = "netmaker.role";
    private static final String SERVICE = "com.docker.compose.service";
    private static final Pattern ROLE_PATTERN = Pattern.compile("[a-z][a-z0-9-]{0,31}");
    /** The name of Netmaker, or its short form at the beginning of a word. */
    private static final Pattern NAMED = Pattern.compile("netmaker|(^|[^a-z0-9])nm-");

    private static final Pattern IMAGE = Pattern.compile("netmaker|gravitl|netclient");
    /** What a service, an image or a name contains; the first that is found decides. */
    private static final List<String> PARTS = List.of("egress", "ingress", "exporter", "client", "server");

    private static final Pattern UI = Pattern.compile("(^|[^a-z0-9])ui($|[^a-z0-9])");
    private static final String SERVER = "server";

    private NetmakerRole() {}

    /** Returns the part; empty if the container is none of Netmaker's. */
    static Optional<String> of(Map<String, String> labels, String name, String image) {
        Optional<String> label = Optional.ofNullable(labels.get(ROLE)).map(NetmakerRole::lower);
        if (label.filter(role -> ROLE_PATTERN.matcher(role).matches()).isPresent()) {
            return label;
        }
        String shortName = lower(name);
        String shortImage = lower(image);
        Optional<String> service = Optional.ofNullable(labels.get(SERVICE)).map(NetmakerRole::lower);
        boolean named = NAMED.matcher(shortName).find();
        boolean composed = service.isPresent()
                && (named
                        || labels.values().stream()
                                .anyMatch(value -> lower(value).contains("netmaker")));
        if (label.isEmpty() && !composed && !named && !IMAGE.matcher(shortImage).find()) {
            return Optional.empty();
        }
        return service.flatMap(NetmakerRole::part)
                .or(() -> part(lastWord(shortImage)))
                .or(() -> part(shortName))
                .or(() -> Optional.of(SERVER));
    }

    /** Empty if the text does not say which part it is; {@code netmaker} alone is the server. */
    private static Optional<String> part(String text) {
        if (UI.matcher(text).find()) {
            return Optional.of("ui");
        }
        Optional<String> part = PARTS.stream().filter(text::contains).findFirst();
        return part.or(() -> text.equals("netmaker") ? Optional.of(SERVER) : Optional.empty());
    }

    /** Returns {@code netmaker-ui} of {@code gravitl/netmaker-ui:v0.30}. */
    private static String lastWord(String image) {
        String word = image.substring(image.lastIndexOf('/') + 1);
        int end = word.indexOf(':');
        return end < 0 ? word : word.substring(0, end);
    }

    private static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }
}
