// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.opdbus.verticles.lab.definition.LabChange;
import org.opdbus.verticles.lab.definition.LabDefinition;
import org.opdbus.verticles.lab.definition.LabEndpoint;
import org.opdbus.verticles.lab.definition.LabItem;
import org.opdbus.verticles.lab.definition.LabMachine;
import org.opdbus.verticles.lab.definition.LabRefusal;

class LabCommandsTest {
    private static final LabMachine CLOON =
            new LabMachine.Kvm(2000, 2, Optional.of("image.qcow2"), Optional.empty(), Optional.empty(), "");

    @Test
    void readsTheLinesOfDocument002() {
        assertThat(LabCommands.file("""
                        # two machines on a LAN
                        add kvm Cloon1 ram=2000 cpu=2 eth=sss image.qcow2

                        add lan Cloon1 0 lan01
                        snf Cloon1 1 0
                        del lan Cloon1 0 lan01
                        del sat Cloon1
                        add doc Box eth=v busybox
                        """))
                .containsExactly(
                        new LabChange.AddItem("Cloon1", CLOON, "sss", List.of()),
                        new LabChange.JoinLan("Cloon1", 0, new LabEndpoint.Place("lan01", 0, List.of())),
                        new LabChange.Spy("Cloon1", 1, false),
                        new LabChange.LeaveLan("Cloon1", 0, "lan01"),
                        new LabChange.RemoveItem("Cloon1"),
                        new LabChange.AddItem("Box", new LabMachine.Docker("busybox", ""), "v", List.of()));
    }

    @Test
    void readsWhatItWrote() {
        LabMachine kvm = new LabMachine.Kvm(
                256, 1, Optional.of("/a b/\"c\"\\=.qcow2"), Optional.of("/k"), Optional.of("/i"), "quiet #1 a=b");
        TreeMap<String, LabItem> items = new TreeMap<>();
        items.put("z", item("z", 1, kvm, new LabEndpoint.Place("lan01", 7, List.of(8, 9))));
        items.put("b", item("b", 2, new LabMachine.Lxc("c1", Optional.of("busybox")), null));
        items.put("a", item("a", 3, new LabMachine.Tap(), new LabEndpoint.Place("lan01", 0, List.of())));
        LabMachine docker = new LabMachine.Docker("debian:12", "sleep 5");
        items.put("d", item("d", 5, docker, null));
        items.put("l", item("l", 4, new LabMachine.A2b(5, 6, 7), null));

        List<LabChange> changes = LabCommands.file(String.join("\n", LabDump.of(new LabDefinition("nemo", items, 5))));

        assertThat(changes)
                .containsExactly(
                        new LabChange.AddItem("z", kvm, "s", List.of("02:00:00:00:00:01")),
                        new LabChange.AddItem(
                                "b",
                                new LabMachine.Lxc("c1", Optional.of("busybox")),
                                "s",
                                List.of("02:00:00:00:00:02")),
                        new LabChange.AddItem("a", new LabMachine.Tap(), "s", List.of("02:00:00:00:00:03")),
                        new LabChange.AddItem("l", new LabMachine.A2b(5, 6, 7), "s", List.of("02:00:00:00:00:04")),
                        new LabChange.AddItem("d", docker, "s", List.of("02:00:00:00:00:05")),
                        new LabChange.JoinLan("z", 0, new LabEndpoint.Place("lan01", 7, List.of(8, 9))),
                        new LabChange.JoinLan("a", 0, new LabEndpoint.Place("lan01", 0, List.of())));
    }

    @ParameterizedTest
    @CsvSource({
        "delay=20 loss=100 rate=2000, 20, 100, 2000, delay=20ms loss=1% rate=2mbit",
        "rate=1.5Mbit loss=0.05% delay=1.25s, 1250, 5, 1500, delay=1250ms loss=0.05% rate=1500kbit",
        "loss=100% rate=1gbit, 0, 10000, 1000000, delay=0 loss=100% rate=1gbit",
        "rate=64kbit, 0, 0, 64, delay=0 loss=0 rate=64kbit",
        "delay=0ms, 0, 0, 0, delay=0 loss=0 rate=0"
    })
    void readsAndWritesTheUnitsOfLines(String words, int delayMs, int lossPer10000, long rateKbit, String written) {
        LabChange shape = new LabChange.Shape("l", new LabMachine.A2b(delayMs, lossPer10000, rateKbit));

        assertThat(LabCommands.file("shape l " + words)).containsExactly(shape);
        assertThat(shape.text()).isEqualTo("shape l " + written);
        assertThat(LabCommands.file(shape.text())).containsExactly(shape);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            frob a                    | line 2: "frob" is no command that changes a lab
            add kvm                   | line 2: the command ends before word 3
            add docker a eth=s        | line 2: no image is named from which to make "a"
            add docker a b c          | line 2: word 5, "c", gives image a second time
            add zip a                 | line 2: "zip" is no kind of item
            add lan a b               | line 2: the command ends before word 5
            add lan a 0x1 lan01       | line 2: "0x1" is no number for an endpoint
            add lan a 9999999999 l    | line 2: "9999999999" is no number for an endpoint
            add lan a 0 l tag=1 tag=2 | line 2: word 7, "tag=2", gives tag a second time
            add lan a 0 l tag=x       | line 2: "x" is no number for tag
            add kvm a one two         | line 2: word 5, "two", gives image a second time
            add tap a ram=5           | line 2: word 4, "ram=5", is unknown here
            del lan a 0               | line 2: del has not the words that it needs
            spy a 0 1                 | line 2: spy needs an item, a number, and on or off
            add a2b a delay=20us      | line 2: "20us" is no delay of a line
            add a2b a loss=0.001%     | line 2: "0.001%" is finer than a line can have
            shape a rate=-1           | line 2: "-1" is no rate of a line
            del "a                    | line 2: the quotes of word 2 do not end it
            del a"b                   | line 2: word 2 has a quote or a backslash
            """)
    void refusesWithTheLineAndTheWord(String line, String why) {
        assertThatThrownBy(() -> LabCommands.file("del a\n" + line))
                .isInstanceOfSatisfying(
                        LabRefusal.class,
                        refusal -> assertThat(refusal.remedy()).isNotEmpty())
                .hasMessage(why);
    }

    @Test
    void refusesControlCharactersAndLinesWithoutEnd() {
        assertThatThrownBy(() -> LabCommands.file("del a\u001bb")).hasMessage("line 1: it has a control character");
        assertThatThrownBy(() -> LabCommands.file("del " + "a".repeat(9000)))
                .hasMessage("line 1: it has 9004 characters");
    }

    private static LabItem item(
            String name, int id, LabMachine machine, LabEndpoint.@org.jspecify.annotations.Nullable Place place) {
        return new LabItem(
                name,
                id,
                machine,
                List.of(new LabEndpoint(0, true, "02:00:00:00:00:0" + id, Optional.ofNullable(place))));
    }
}
