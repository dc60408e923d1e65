// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.vm;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the command line of qemu says of the machine: its name and its network devices (qemu(1)). Its user may have written
 * anything; what cannot be understood is left out.
 *
 * @param name the value of {@code -name}
 * @param cards the network devices on taps in their order
 */
record QemuCommandLine(Optional<String> name, List<Card> cards) {
    private static final Pattern MAC = Pattern.compile("[0-9a-f]{2}(:[0-9a-f]{2}){5}");
    private static final Pattern DESCRIPTOR = Pattern.compile("[0-9]{1,9}");
    /** The kinds of network backends that are taps. */
    private static final Set<String> TAPS = Set.of("tap", "bridge");

    QemuCommandLine {
        cards = List.copyOf(cards);
    }

    /**
     * A network device of the machine.
     *
     * @param tap the name of its tap, if the command line has it
     * @param descriptors the numbers of the open files of its tap, if qemu got them from the program that started it
     * @param mac its hardware address, in lower case, if the command line has it
     */
    record Card(Optional<String> tap, Set<Integer> descriptors, Optional<String> mac) {
        Card {
            descriptors = Set.copyOf(descriptors);
        }
    }

    /** Parses the text of {@code /proc/PID/cmdline}: words, each with a null byte at its end. */
    static QemuCommandLine parse(String text) {
        String[] words = text.split("\0", -1);
        Optional<String> name = Optional.empty();
        Map<String, Map<String, String>> backends = new LinkedHashMap<>();
        Map<String, String> addresses = new LinkedHashMap<>();
        int at = 1;
        while (at + 1 < words.length) {
            String value = words[at + 1];
            switch (words[at].startsWith("--") ? words[at].substring(1) : words[at]) {
                case "-name" ->
                    name = Optional.ofNullable(settings(value, "guest").get("guest"))
                            .filter(found -> !found.isEmpty());
                case "-netdev" -> {
                    Map<String, String> backend = settings(value, "type");
                    backends.put(backend.getOrDefault("id", ""), backend);
                }
                case "-nic" -> {
                    Map<String, String> card = settings(value, "type");
                    // A word can be no id of another backend.
                    backends.put("\0" + at, card);
                    addresses.put("\0" + at, card.getOrDefault("mac", card.getOrDefault("macaddr", "")));
                }
                case "-device" -> {
                    Map<String, String> device = settings(value, "driver");
                    addresses.put(device.getOrDefault("netdev", ""), device.getOrDefault("mac", ""));
                }
                default -> {
                    at++;
                    continue;
                }
            }
            at += 2;
        }
        return new QemuCommandLine(name, cards(backends, addresses));
    }

    private static List<Card> cards(Map<String, Map<String, String>> backends, Map<String, String> addresses) {
        List<Card> cards = new ArrayList<>();
        backends.forEach((id, backend) -> {
            if (TAPS.contains(backend.getOrDefault("type", ""))) {
                cards.add(new Card(
                        Optional.ofNullable(backend.get("ifname")),
                        descriptors(backend),
                        mac(addresses.getOrDefault(id, ""))));
            }
        });
        return cards;
    }

    private static Set<Integer> descriptors(Map<String, String> backend) {
        Set<Integer> descriptors = new TreeSet<>();
        String all = backend.getOrDefault("fds", backend.getOrDefault("fd", ""));
        for (String number : all.split(":", -1)) {
            if (DESCRIPTOR.matcher(number).matches()) {
                descriptors.add(Integer.parseInt(number));
            }
        }
        return descriptors;
    }

    /** Returns an address that a machine can have; empty for any other text. */
    static Optional<String> mac(String text) {
        return Optional.of(text.toLowerCase(Locale.ROOT))
                .filter(mac -> MAC.matcher(mac).matches());
    }

    /**
     * Parses a value such as {@code tap,id=net0,ifname=tap0}, in which two commas stand for one, or a JSON object.
     *
     * @param first the key of a first part without a key
     */
    private static Map<String, String> settings(String value, String first) {
        return value.startsWith("{") ? json(value) : plain(value, first);
    }

    private static Map<String, String> plain(String value, String first) {
        Map<String, String> settings = new LinkedHashMap<>();
        StringBuilder part = new StringBuilder();
        for (int at = 0; at <= value.length(); at++) {
            boolean comma = at < value.length() && value.charAt(at) == ',';
            if (comma && at + 1 < value.length() && value.charAt(at + 1) == ',') {
                part.append(',');
                at++;
            } else if (comma || at == value.length()) {
                int sign = part.indexOf("=");
                if (sign >= 0) {
                    settings.put(part.substring(0, sign), part.substring(sign + 1));
                } else if (settings.isEmpty()) {
                    settings.put(first, part.toString());
                }
                part.setLength(0);
            } else {
                part.append(value.charAt(at));
            }
        }
        return settings;
    }

    private static Map<String, String> json(String value) {
        Map<String, String> settings = new LinkedHashMap<>();
        try {
            new JsonObject(value).getMap().forEach((key, found) -> put(settings, key, found));
        } catch (DecodeException malformed) {
            settings.clear();
        }
        return settings;
    }

    private static void put(Map<String, String> settings, String key, @Nullable Object found) {
        if (found instanceof String || found instanceof Number) {
            settings.put(key, found.toString());
        }
    }
}
