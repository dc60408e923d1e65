// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.opdbus.verticles.lab.definition.LabDefinition;
import org.opdbus.verticles.lab.definition.LabNames;

/** Asks the Open vSwitch of a lab itself what it has. */
record SwitchContents(Path socket) {
    String vsctl(String... arguments) {
        List<String> command =
                new ArrayList<>(List.of("ovs-vsctl", "--no-syslog", "--timeout=20", "--db=unix:" + socket));
        command.addAll(Arrays.asList(arguments));
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(text).isZero();
            return text.strip();
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    /** Requires exactly what the definition says: the bridges, ports, mirrors and VLANs, each port with a number. */
    void requireExactly(LabDefinition definition) {
        List<String> ports = new ArrayList<>();
        List<String> mirrors = new ArrayList<>();
        definition
                .items()
                .values()
                .forEach(item -> item.endpoints()
                        .forEach(endpoint -> endpoint.place().ifPresent(place -> {
                            String port = item.portOf(endpoint);
                            ports.add(port);
                            assertThat(vsctl("port-to-br", port)).isEqualTo(LabNames.bridge(place.lan()));
                            assertThat(vsctl("get", "Port", port, "tag"))
                                    .isEqualTo(place.tag() == 0 ? "[]" : Integer.toString(place.tag()));
                            if (endpoint.spied()) {
                                ports.add(LabNames.spy(port));
                                mirrors.add(LabNames.mirror(port));
                            }
                        })));
        ports.addAll(definition.lans().stream().map(LabNames::bridge).toList());
        assertThat(column("Port", "name")).containsExactlyInAnyOrderElementsOf(ports);
        assertThat(column("Mirror", "name")).containsExactlyInAnyOrderElementsOf(mirrors);
        assertThat(column("Interface", "ofport"))
                .hasSize(ports.size())
                .allSatisfy(number -> assertThat(Integer.parseInt(number)).isPositive());
    }

    private List<String> column(String table, String column) {
        return vsctl("--bare", "--columns=" + column, "list", table)
                .lines()
                .filter(line -> !line.isBlank())
                .toList();
    }
}
