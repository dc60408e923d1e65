// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What callers may change of a lab, and what is refused. */
class LabEditTest {
    private static final LabMachine KVM =
            new LabMachine.Kvm(64, 1, Optional.of("/image"), Optional.empty(), Optional.empty(), "");

    private final Random random = new Random(1);
    private LabDefinition lab = LabDefinition.empty("nemo");

    private static LabChange add(String name, String endpoints) {
        return new LabChange.AddItem(name, KVM, endpoints, List.of());
    }

    private static LabChange add(String name, LabMachine machine, String endpoints) {
        return new LabChange.AddItem(name, machine, endpoints, List.of());
    }

    private static LabChange join(String item, int number, String lan) {
        return new LabChange.JoinLan(item, number, new LabEndpoint.Place(lan, 0, List.of()));
    }

    private LabItem item(String name) {
        return Objects.requireNonNull(lab.items().get(name));
    }

    private void change(LabChange... changes) {
        lab = LabEdit.with(lab, List.of(changes), Set.of(), random);
    }

    private void refused(String why, LabChange... changes) {
        LabDefinition before = lab;
        assertThatThrownBy(() -> change(changes))
                .isInstanceOf(LabRefusal.class)
                .hasMessageContaining(why)
                .satisfies(e ->
                        assertThat(e.getMessage() + ((LabRefusal) e).remedy()).doesNotContain("\n"));
        assertThat(lab).isEqualTo(before);
    }

    @Test
    void items_join_lans_and_leave_them() {
        change(add("Cloon1", "sv"), add("Cloon2", "s"), join("Cloon1", 0, "lan01"), join("Cloon2", 0, "lan01"));
        assertThat(lab.lans()).containsExactly("lan01");
        LabItem first = item("Cloon1");
        assertThat(first.id()).isEqualTo(1);
        assertThat(item("Cloon2").id()).isEqualTo(2);
        assertThat(first.endpoints()).extracting(LabEndpoint::spied).containsExactly(true, false);
        assertThat(first.portOf(first.endpoints().get(1))).isEqualTo("_k_1_1");
        assertThat(first.endpoints().get(1).mac()).matches("02(:[0-9a-f]{2}){3}:01:01");

        change(new LabChange.LeaveLan("Cloon1", 0, "lan01"), new LabChange.RemoveItem("Cloon2"));
        assertThat(lab.lans()).isEmpty();
        assertThat(lab.items()).containsOnlyKeys("Cloon1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "a b", "a/b", "-a", "../x", "a;b", "ä", "a\nb", "\u001b[2J", "\u202eevil", "--help"})
    void a_strange_name_of_an_item_is_refused_in_one_line(String name) {
        refused("is no name of an item", add(name, "s"));
        change(add("a", "s"));
        refused("is no name of a LAN", join("a", 0, name));
        refused("has no item", join(name, 0, "lan01"));
        refused("has no item", new LabChange.RemoveItem(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-x", "a b", "a/b", "a.b", "..", "a234567890123456789012345678901x"})
    void a_strange_name_of_a_lab_is_refused(String name) {
        assertThatThrownBy(() -> LabChecks.lab(name)).isInstanceOf(LabRefusal.class);
    }

    @Test
    void a_name_may_be_as_long_as_its_links_allow() {
        change(add("i".repeat(63), "s"));
        refused("is no name of an item", add("i".repeat(64), "s"));
        change(join("i".repeat(63), 0, "l".repeat(12)));
        assertThat(LabNames.bridge("l".repeat(12))).hasSize(15);
        change(add("b", "s"));
        refused("is no name of a LAN", join("b", 0, "l".repeat(13)));
        refused("cannot be the name of a link", add("t".repeat(16), new LabMachine.Tap(), "v"));
        change(add("t".repeat(15), new LabMachine.Tap(), "v"));
        refused("cannot be the name of a link", add("lo", new LabMachine.Phy(), "v"));
    }

    @Test
    void a_name_is_given_once() {
        change(add("a", "s"), join("a", 0, "lan01"));
        refused("has an item a already", add("a", "s"));
        refused("has a LAN lan01", add("lan01", "s"));
        refused("a LAN cannot be called a", add("b", "s"), join("b", 0, "a"));
    }

    @Test
    void an_endpoint_is_on_one_lan_and_may_change_its_vlans_there() {
        change(add("a", "s"), join("a", 0, "lan01"), join("a", 0, "lan01"));
        refused("is on the LAN lan01 already", join("a", 0, "lan02"));
        refused("has no endpoint 1", join("a", 1, "lan01"));
        refused("has no endpoint -1", join("a", -1, "lan01"));
        refused("is not on the LAN \"lan02\" but on lan01", new LabChange.LeaveLan("a", 0, "lan02"));
        change(new LabChange.JoinLan("a", 0, new LabEndpoint.Place("lan01", 7, List.of(8, 9))));
        assertThat(item("a").endpoints().get(0).place()).contains(new LabEndpoint.Place("lan01", 7, List.of(8, 9)));
        refused("4095 is no VLAN", new LabChange.JoinLan("a", 0, new LabEndpoint.Place("lan01", 4095, List.of())));
        refused(
                "are not different VLANs",
                new LabChange.JoinLan("a", 0, new LabEndpoint.Place("lan01", 0, List.of(5, 5))));
    }

    @Test
    void the_33rd_spy_of_a_lan_is_refused_however_it_comes() {
        change(add("a", "s".repeat(32)), add("b", "sv"));
        IntStream.range(0, 32).forEach(number -> change(join("a", number, "lan01")));
        refused("has 32 spied endpoints already", join("b", 0, "lan01"));
        change(join("b", 1, "lan01"), join("b", 0, "lan02"));
        refused("has 32 spied endpoints already", new LabChange.Spy("b", 1, true));
        change(new LabChange.Spy("a", 31, false), new LabChange.Spy("b", 1, true));
        change(new LabChange.Spy("b", 1, true), new LabChange.Spy("a", 0, true));
    }

    @Test
    void all_changes_are_made_or_none() {
        refused("has no item", add("a", "s"), join("b", 0, "lan01"));
        assertThat(lab.items()).isEmpty();
        refused(
                "changes at once",
                IntStream.range(0, 4_001).mapToObj(i -> add("a" + i, "s")).toArray(LabChange[]::new));
    }

    @Test
    void endpoints_and_addresses_are_checked() {
        refused("the endpoints \"sx\"", add("a", "sx"));
        refused("the endpoints \"\"", add("a", ""));
        refused("the endpoints", add("a", "s".repeat(33)));
        refused("a tap has one endpoint", add("a", new LabMachine.Tap(), "vv"));
        refused("a a2b has 2 endpoints", add("a", new LabMachine.A2b(0, 0, 0), "v"));
        refused("is no hardware address", new LabChange.AddItem("a", KVM, "s", List.of("01:00:00:00:00:01")));
        refused("has 1 endpoints and 2", new LabChange.AddItem("a", KVM, "s", List.of("", "")));
        change(new LabChange.AddItem("a", KVM, "ss", List.of("", "02:AA:00:00:00:01")));
        assertThat(item("a").endpoints().get(1).mac()).isEqualTo("02:aa:00:00:00:01");
        refused("another endpoint has", new LabChange.AddItem("b", KVM, "s", List.of("02:aa:00:00:00:01")));
    }

    @Test
    void machines_are_checked() {
        Optional<String> none = Optional.empty();
        refused("cannot boot", add("a", new LabMachine.Kvm(64, 1, none, none, none, ""), "s"));
        refused("no absolute path", add("a", new LabMachine.Kvm(64, 1, Optional.of("x"), none, none, ""), "s"));
        refused("is no memory", add("a", new LabMachine.Kvm(1, 1, Optional.of("/x"), none, none, ""), "s"));
        refused("is no number of pro", add("a", new LabMachine.Kvm(64, 0, Optional.of("/x"), none, none, ""), "s"));
        refused("there is none", add("a", new LabMachine.Kvm(64, 1, Optional.of("/x"), none, none, "quiet"), "s"));
        refused("cannot be called", add("a", new LabMachine.Lxc("../x", none), "s"));
        change(add("a", new LabMachine.Lxc("web1", none), "s"));
        refused("is the item a already", add("b", new LabMachine.Lxc("web1", none), "s"));
        refused("is no name of an image", add("c", new LabMachine.Docker("a b", ""), "s"));
        refused("is no name of an image", add("c", new LabMachine.Docker("-x", ""), "s"));
        refused("has control characters", add("c", new LabMachine.Docker("busybox", "a\nb"), "s"));
        change(add("c", new LabMachine.Docker("registry.example:5000/a/b@sha256:0f", ""), "svs"));
        refused("is no loss", add("b", new LabMachine.A2b(0, 10_001, 0), "vv"));
        refused("only an a2b", new LabChange.Shape("a", new LabMachine.A2b(1, 1, 1)));
        change(add("b", new LabMachine.A2b(0, 0, 0), "vv"), new LabChange.Shape("b", new LabMachine.A2b(5, 6, 7)));
        assertThat(item("b").machine()).isEqualTo(new LabMachine.A2b(5, 6, 7));
    }

    @Test
    void a_number_comes_again_as_late_as_possible_and_never_while_something_bears_it() {
        change(add("a", "s"), add("b", "s"), new LabChange.RemoveItem("b"), add("c", "s"));
        assertThat(item("c").id()).isEqualTo(3);
        lab = LabEdit.with(lab, List.of(add("d", "s")), Set.of(4, 5), random);
        assertThat(item("d").id()).isEqualTo(6);
        lab = new LabDefinition("nemo", lab.items(), 999);
        change(add("e", "s"));
        assertThat(item("e").id()).isEqualTo(2);

        List<LabChange> many = new ArrayList<>();
        IntStream.range(0, 999 - 4).forEach(i -> many.add(add("m" + i, "v")));
        change(many.toArray(LabChange[]::new));
        assertThat(lab.items().values())
                .extracting(LabItem::id)
                .doesNotHaveDuplicates()
                .hasSize(999);
        refused("has 999 items", add("last", "v"));
    }
}
