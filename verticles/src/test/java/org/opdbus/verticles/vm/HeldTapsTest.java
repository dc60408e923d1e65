// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.vm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.opdbus.events.ContainerId;
import org.opdbus.verticles.vm.QemuCommandLine.Card;
import org.opdbus.verticles.vm.QemuProcess.HeldTap;

class HeldTapsTest {
    private static final String MAC = "52:54:00:00:00:01";

    @Test
    void a_card_finds_its_tap_by_name_or_by_the_number_of_the_open_file() {
        assertThat(of(
                        Map.of(4, "tap0", 33, "vnet7", 34, "vnet7"),
                        card("", Set.of(33, 34), MAC),
                        card("tap0", Set.of(), "")))
                .containsExactly(held("vnet7", MAC), held("tap0", ""));
    }

    @Test
    void cards_without_either_have_the_other_taps_in_their_order() {
        assertThat(of(Map.of(12, "tap1", 5, "tap0", 20, "later"), card("", Set.of(), MAC), card("", Set.of(), "")))
                .containsExactly(held("tap0", MAC), held("tap1", ""), held("later", ""));
    }

    @Test
    void a_card_whose_tap_is_not_there_has_none() {
        assertThat(of(Map.of(4, "tap0"), card("tap9", Set.of(), MAC))).containsExactly(held("tap0", ""));
    }

    @Test
    void taps_of_proxmox_are_ordered_by_their_device() {
        assertThat(of(Map.of(4, "tap101i10", 5, "tap101i2", 6, "other")))
                .extracting(HeldTap::name)
                .containsExactly("tap101i2", "tap101i10", "other");
    }

    @Test
    void a_machine_has_the_number_of_proxmox_or_its_name_or_that_of_a_tap() {
        assertThat(ids("web", "tap101i0")).containsExactly("vm:101");
        assertThat(ids("web", "vnet0", "vnet1")).containsExactly("vm:web", "vm:vnet0", "vm:vnet1");
        assertThat(ids("Windows 10", "vnet0")).containsExactly("vm:Windows 10", "vm:vnet0");
        assertThat(List.of("", " x", "a/b", "..", "a\u001b[0m", "a\u202eb", "x".repeat(64)))
                .allSatisfy(name -> assertThat(ids(name, "vnet0")).containsExactly("vm:vnet0"));
    }

    private static List<String> ids(String name, String... taps) {
        List<HeldTap> held = List.of(taps).stream().map(tap -> held(tap, "")).toList();
        return MachineIds.of(new QemuProcess(1, "1", Optional.of(name), held)).stream()
                .map(ContainerId::value)
                .toList();
    }

    private static List<HeldTap> of(Map<Integer, String> descriptors, Card... cards) {
        return HeldTaps.of(new TreeMap<>(descriptors), List.of(cards));
    }

    private static Card card(String tap, Set<Integer> descriptors, String mac) {
        return new Card(Optional.of(tap).filter(text -> !text.isEmpty()), descriptors, QemuCommandLine.mac(mac));
    }

    private static HeldTap held(String tap, String mac) {
        return new HeldTap(tap, QemuCommandLine.mac(mac));
    }
}
