// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.text;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.opdbus.verticles.lab.definition.LabChange;
import org.opdbus.verticles.lab.definition.LabDefinition;
import org.opdbus.verticles.lab.definition.LabEndpoint;
import org.opdbus.verticles.lab.definition.LabItem;
import org.opdbus.verticles.lab.definition.LabMachine;
import org.opdbus.verticles.lab.definition.LineUnits;

/** Writes a lab as the commands that build it again, with its hardware addresses. {@link LabCommands#file} reads them. */
public final class LabDump {
    private LabDump() {}

    /** Returns the lines: the items in the order of their numbers, then the endpoints on their LANs. */
    public static List<String> of(LabDefinition lab) {
        List<LabItem> items = lab.items().values().stream()
                .sorted(Comparator.comparingInt(LabItem::id))
                .toList();
        List<String> lines = new ArrayList<>();
        items.forEach(item -> lines.add(item(item)));
        items.forEach(item -> item.endpoints()
                .forEach(endpoint -> endpoint.place()
                        .ifPresent(place ->
                                lines.add(new LabChange.JoinLan(item.name(), endpoint.number(), place).text()))));
        return lines;
    }

    private static String item(LabItem item) {
        List<String> words = new ArrayList<>(List.of("add", item.machine().word(), item.name()));
        words.add("eth="
                + item.endpoints().stream().map(end -> end.spied() ? "s" : "v").collect(Collectors.joining()));
        words.add("mac=" + item.endpoints().stream().map(LabEndpoint::mac).collect(Collectors.joining(",")));
        words.addAll(settings(item.machine()));
        return words.stream().map(LabWords::written).collect(Collectors.joining(" "));
    }

    private static List<String> settings(LabMachine machine) {
        List<String> words = new ArrayList<>();
        if (machine instanceof LabMachine.Lxc lxc) {
            words.add("container=" + lxc.container());
            lxc.template().ifPresent(template -> words.add("template=" + template));
        } else if (machine instanceof LabMachine.Docker docker) {
            words.add("image=" + docker.image());
            words.add("command=" + docker.command());
        } else if (machine instanceof LabMachine.Kvm kvm) {
            words.add("ram=" + kvm.memoryMb());
            words.add("cpu=" + kvm.processors());
            kvm.image().ifPresent(image -> words.add("image=" + image));
            kvm.kernel().ifPresent(kernel -> words.add("kernel=" + kernel));
            kvm.initrd().ifPresent(initrd -> words.add("initrd=" + initrd));
            words.add("append=" + kvm.append());
        } else if (machine instanceof LabMachine.A2b line) {
            words.addAll(LineUnits.words(line));
        }
        return words;
    }
}
