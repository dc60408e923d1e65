// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.cluster.nats;

import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import javax.naming.ldap.Rdn;
import org.opdbus.verticles.cluster.nats.Subjects;

/**
 * The users of the nats-servers, the same for all of them: the hosts of the cluster, each by the subject of its certificate, with
 * what it may publish and subscribe to. No host may publish anything in the name of another.
 */
record NatsHostsText(Subjects subjects) {
    String of(Collection<String> hosts) {
        String users = hosts.stream().sorted().map(this::user).collect(Collectors.joining());
        return """
                # Written by "op-dbus cluster nats-config": the hosts of the cluster. When a host has joined or was
                # removed, run that again, copy this file to all servers, and have each read it (SIGHUP).
                authorization {
                  timeout: 10
                  users: [
                %s  ]
                }
                """.formatted(users);
    }

    private String user(String host) {
        return "    {user: " + Quoted.text("CN=" + Rdn.escapeValue(host)) + ", permissions: {\n"
                + "      publish: {allow: " + list(subjects.publishedBy(host)) + "}\n"
                + "      subscribe: {allow: " + list(subjects.subscribedBy(host)) + "}\n"
                + "    }}\n";
    }

    private static String list(List<String> names) {
        return names.stream().map(Quoted::text).collect(Collectors.joining(", ", "[", "]"));
    }
}
