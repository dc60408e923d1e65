// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.introspect.owner;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.opdbus.verticles.files.HostFiles;
import org.opdbus.verticles.files.KeyValues;
import org.opdbus.verticles.introspect.owner.InterfacesFiles.Placed;

/**
 * ifupdown and ifupdown2: the links that a stanza of interfaces(5) names, and those that a stanza makes part of a bridge or bond.
 * Both read the same files. ifupdown keeps what it has brought up in {@code /run/network/ifstate}; there it also says which
 * logical name it has given to a link. The state of ifupdown2 is a file for Python alone, and is not read. Where neither has run
 * since the host was started, as when its service is masked, a stanza is no evidence.
 */
final class IfupdownReader extends FileReader {
    private static final String STATE = "/run/network/ifstate";
    /** One of them is there once ifup or ifreload has run since the host was started. */
    private static final String[] HAS_RUN = {STATE, "/run/network/ifstatelock", "/run/network/.lock"};

    private static final int TEXT_MAX = 200;

    private final HostFiles files;

    IfupdownReader(HostFiles files) {
        super("ifupdown");
        this.files = files;
    }

    @Override
    Findings look(HostLinks host) throws IOException {
        if (!files.existsAny("/sbin/ifup", "/usr/sbin/ifup") || !files.existsAny(HAS_RUN)) {
            return Findings.NONE;
        }
        Gathered found = new Gathered();
        List<Placed> stanzas = InterfacesFiles.read(files, found);
        Optional<Map<String, String>> up = files.exists("/usr/share/ifupdown2")
                ? Optional.empty()
                : files.text(STATE).map(IfupdownReader::logicalNames);
        Set<String> links = host.byName().keySet();
        ownStanzas(stanzas, up, links).forEach((link, own) -> found.claim(claim(link, own, up)));
        memberships(stanzas, links).forEach(found::claim);
        return found.findings();
    }

    /** The stanzas of each link: those of its name, or of the logical name that it was brought up with. */
    private static Map<String, List<Placed>> ownStanzas(
            List<Placed> stanzas, Optional<Map<String, String>> up, Set<String> links) {
        Map<String, List<Placed>> byName = stanzas.stream()
                .collect(Collectors.groupingBy(each -> each.stanza().link(), LinkedHashMap::new, Collectors.toList()));
        Map<String, List<Placed>> own = new LinkedHashMap<>();
        for (String link : links) {
            String logical = up.map(names -> names.get(link)).orElse(link);
            List<Placed> found = byName.get(logical);
            if (found != null) {
                own.put(link, found);
            }
        }
        return own;
    }

    private static Claim claim(String link, List<Placed> stanzas, Optional<Map<String, String>> up) {
        String text =
                stanzas.stream().map(each -> each.stanza().text()).distinct().collect(Collectors.joining("; "));
        boolean isDown =
                up.isPresent() && up.filter(names -> names.containsKey(link)).isEmpty();
        return new Claim(
                link,
                Owner.IFUPDOWN,
                shortened(text) + (isDown ? ", not brought up" : ""),
                stanzas.get(0).place());
    }

    private static List<Claim> memberships(List<Placed> stanzas, Set<String> links) {
        return stanzas.stream()
                .flatMap(each -> each.stanza().members().stream()
                        .distinct()
                        .filter(links::contains)
                        .map(member -> new Claim(
                                member,
                                Owner.IFUPDOWN,
                                "part of " + shortened(each.stanza().name()),
                                each.place())))
                .toList();
    }

    /** Parses the lines {@code LINK=LOGICAL} of the state, after which ifupdown may write more. */
    static Map<String, String> logicalNames(String text) {
        Map<String, String> names = new LinkedHashMap<>();
        KeyValues.parse(text).forEach((link, logical) -> names.put(link, logical.split("\\s", 2)[0]));
        return names;
    }

    private static String shortened(String text) {
        return text.length() > TEXT_MAX ? text.substring(0, TEXT_MAX) + "…" : text;
    }
}
