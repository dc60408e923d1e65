// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.cli.introspect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.opdbus.agent.cli.output.JsonText;
import org.opdbus.agent.cli.output.ResultStream;
import org.opdbus.agent.cli.output.StandardStreams;
import org.opdbus.agent.cli.output.TerminalStyle;
import org.opdbus.agent.log.VisibleText;

class NetworkTreeTest {
    private static final String DOCUMENT = """
            {"version":1,"host":"h","time":"2026-11-29T20:00:00Z",
             "links":[
              {"index":1,"name":"lo","altNames":[],"hardware":"loopback","mtu":65536,"up":true,"carrier":true,
               "addresses":[{"address":"127.0.0.1","prefix":8,"scope":"host","flags":["permanent"],"owner":"kernel"},
                            {"address":"::1","prefix":128,"scope":"host","flags":[],"owner":"kernel"}],"owner":"kernel"},
              {"index":2,"name":"vi100","altNames":["web"],"kind":"veth","hardware":"ethernet","mtu":1500,"up":true,
               "carrier":false,"bridge":"vmbr0","container":"100","addresses":[],"owner":"op-dbus"}],
             "routes":[
              {"family":"ipv4","table":254,"tableName":"main","destination":"0.0.0.0/0","type":"unicast","protocol":"dhcp",
               "metric":100,"nextHops":[{"link":"eth0","gateway":"192.0.2.254","weight":1}],"owner":"systemd-networkd"},
              {"family":"ipv4","table":255,"tableName":"local","destination":"127.0.0.1/32","type":"local",
               "protocol":"kernel","metric":0,"nextHops":[],"owner":"kernel"}],
             "rules":[{"family":"ipv4","priority":0,"not":false,"action":"table","table":255,"tableName":"local",
               "protocol":"kernel","owner":"kernel"}],
             "resolver":{"nameservers":["192.0.2.53"],"search":[],"options":[],"upstream":[],"owner":"nobody"},
             "bridges":[{"name":"vmbr0","datapath":"system","controllers":[{"target":"tcp:192.0.2.9","connected":false}],
               "mirrors":[{"name":"m0","all":false,"sourcePorts":["vi100"],"destinationPorts":[],"vlans":[],"outputVlan":9}],
               "ports":[{"name":"vi100","ofport":3,"tag":20,"trunks":[],"owner":"op-dbus"}],"owner":"ifupdown"}],
             "containers":[],
             "leftOut":{"routes":7},
             "troubles":["NetworkManager: there was no answer in 500 ms"]}
            """;

    private static String drawn(String document, TerminalStyle style) throws IOException {
        ByteArrayOutputStream terminal = new ByteArrayOutputStream();
        ResultStream out = new ResultStream(new StandardStreams(terminal, false, true, terminal, true));
        try (JsonParser reader = JsonText.reader(document)) {
            new NetworkTree(new TreeLines(out, style)).draw(reader);
        }
        return terminal.toString(StandardCharsets.UTF_8);
    }

    @Test
    void every_object_stands_below_what_it_belongs_to() throws IOException {
        assertThat(drawn(DOCUMENT, new TerminalStyle(200, false))).isEqualTo("""
                        h, 2026-11-29T20:00:00Z
                        Links
                        ├─ lo [kernel] loopback, up, mtu 65536
                        │  ├─ 127.0.0.1/8 [kernel] host
                        │  └─ ::1/128 [kernel] host
                        └─ vi100 [op-dbus] veth, up, no carrier, mtu 1500, bridge vmbr0, container 100, also web
                        Routes
                        ├─ default [systemd-networkd] via 192.0.2.254 dev eth0 proto dhcp metric 100
                        └─ … and 1 of the table local; --json prints them
                        Rules
                        └─ 0: [kernel] ipv4 from all lookup local
                        Name resolution
                        └─ /etc/resolv.conf [nobody] nameservers 192.0.2.53
                        Bridges of Open vSwitch
                        └─ vmbr0 [ifupdown] datapath system
                           ├─ vi100 [op-dbus] ofport 3, tag 20
                           ├─ mirror m0 from vi100, output VLAN 9
                           └─ controller tcp:192.0.2.9 not connected
                        … and 7 more routes
                        Not known
                        └─ NetworkManager: there was no answer in 500 ms
                        """);
    }

    @Test
    void objects_are_cut_at_the_width_of_the_terminal_and_troubles_are_not() throws IOException {
        String narrow = drawn(DOCUMENT, new TerminalStyle(40, false));
        String trouble = "└─ NetworkManager: there was no answer in 500 ms";

        assertThat(narrow.lines()).contains(trouble);
        assertThat(narrow.lines().filter(line -> !line.equals(trouble)))
                .allMatch(line -> line.codePointCount(0, line.length()) <= 40);
        assertThat(narrow).contains("└─ vi100 [op-dbus] veth, up, no carrier…");
    }

    @Test
    void colors_change_no_text() throws IOException {
        String plain = drawn(DOCUMENT, new TerminalStyle(80, false));
        String colored = drawn(DOCUMENT, new TerminalStyle(80, true));

        assertThat(colored).contains("\u001b[32m[op-dbus]\u001b[0m", "\u001b[33m[nobody]\u001b[0m");
        assertThat(colored.replaceAll("\u001b\\[[0-9]*m", "")).isEqualTo(plain);
        assertThat(plain).doesNotContain("\u001b");
    }

    @Test
    void text_of_strangers_controls_no_terminal() throws IOException {
        String hostile =
                DOCUMENT.replace("vi100", "\\u001b[2J\\u202e\\nforged").replace("192.0.2.53", "\\u001b]0;x\\u0007");

        String drawn = drawn(hostile, new TerminalStyle(200, false));

        assertThat(drawn.codePoints().filter(c -> c != '\n')).allMatch(VisibleText::isVisible);
        assertThat(drawn.lines()).noneMatch(line -> line.startsWith("forged"));
        assertThat(drawn).contains("\\u001b[2J\\u202e\\nforged");
    }
}
