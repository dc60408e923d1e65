// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.verticles.files.HostFiles;
import org.opdbus.verticles.kernel.netlink.listing.ListedLink;
import org.opdbus.verticles.uplink.plan.FileChange;
import org.opdbus.verticles.uplink.plan.ManagerPlan;
import org.opdbus.verticles.uplink.plan.MoveRequest;
import org.opdbus.verticles.uplink.plan.MoveRequest.Direction;
import org.opdbus.verticles.uplink.plan.Step;
import org.opdbus.verticles.uplink.plan.UplinkPicture;
import org.opdbus.verticles.uplink.plan.UplinkPicture.DhcpClient;
import org.opdbus.verticles.uplink.plan.UplinkPicture.LinkOwner;
import org.opdbus.verticles.uplink.plan.UplinkRefusal;

class HostManagersTest {
    private static final String INTERFACES = "/etc/network/interfaces";
    private static final String LAN = "/etc/systemd/network/20-lan.network";
    private static final String FOR_LINK = "/etc/systemd/network/00-op-dbus-eno1.network";
    private static final String FOR_BRIDGE = "/etc/systemd/network/00-op-dbus-vmbr0.network";
    private static final String FORMER = "/run/systemd/network/00-op-dbus-eno1.network";
    private static final String RETURN = "/run/systemd/network/01-op-dbus-eno1.network";
    private static final String KEEP = "/run/systemd/network/00-op-dbus-vmbr0.network.d/keep.conf";
    private static final String DEAF = "/etc/sysctl.d/00-op-dbus-eno1.conf";

    @TempDir
    private Path root;

    private final Map<String, List<LinkOwner>> owners = new HashMap<>();
    private final Map<String, List<DhcpClient>> clients = new HashMap<>();

    private void file(String path, String text) throws IOException {
        Path file = root.resolve(path.substring(1));
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void ifupdown2(String interfaces) throws IOException {
        file("/usr/sbin/ifup", "");
        file("/usr/share/ifupdown2/addons/openvswitch.py", "");
        file(INTERFACES, interfaces);
    }

    private void networkd() throws IOException {
        file(LAN, "[Match]\nName=eno1\n[Network]\nDHCP=yes\n");
        file("/run/systemd/netif/links/2", "ADMIN_STATE=configured\nNETWORK_FILE=" + LAN + "\n");
        file("/run/systemd/netif/leases/2", "CLIENTID=ff5f6daaa800020000ab11443749f4aecc0ad4\n");
    }

    private UplinkPicture picture() {
        ListedLink link = new ListedLink(
                2,
                "eno1",
                List.of(),
                "",
                "",
                1,
                Optional.of("52:54:00:12:34:56"),
                Optional.empty(),
                1500,
                1,
                6,
                0,
                0,
                Optional.empty(),
                Optional.empty(),
                "");
        return new UplinkPicture(
                List.of(link),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                owners,
                Map.of(),
                clients,
                Set.of(),
                Map.of(),
                Map.of(),
                List.of(),
                List.of());
    }

    private ManagerPlan plan(Direction direction, boolean persists, List<FileChange> written) {
        return new HostManagers(new HostFiles(root))
                .plan(
                        picture(),
                        new MoveRequest(direction, "eno1", "vmbr0", Duration.ofMinutes(2), List.of(), persists),
                        written);
    }

    private ManagerPlan onto() {
        return plan(Direction.ONTO, true, List.of());
    }

    /** Carries the changes of files out; returns them. */
    private List<FileChange> write(List<Step> steps) throws IOException {
        List<FileChange> all = new ArrayList<>();
        for (Step step : steps) {
            if (step instanceof Step.WriteFiles write) {
                for (FileChange change : write.files()) {
                    assertThat(new HostFiles(root).exactText(change.path())).isEqualTo(change.before());
                    if (change.after().isPresent()) {
                        file(change.path(), change.after().get());
                    } else {
                        Files.delete(root.resolve(change.path().substring(1)));
                    }
                    all.add(change);
                }
            }
        }
        return all;
    }

    private static List<String> titles(List<Step> steps) {
        return steps.stream().map(Step::title).toList();
    }

    @Test
    void files_of_ifupdown2_are_the_same_bytes_after_the_move_back() throws IOException {
        String text = "auto lo\niface lo inet loopback\n\nauto eno1\niface eno1 inet static\n\taddress 192.0.2.10/24";
        ifupdown2(text);
        ManagerPlan plan = onto();
        assertThat(plan.manager()).isEqualTo("ifupdown2 (" + INTERFACES + ":5)");
        List<FileChange> written = write(plan.before());
        assertThat(written).extracting(FileChange::path).containsExactly(INTERFACES);
        assertThat(plan.after()).isEmpty();

        write(plan(Direction.BACK, true, written).before());
        assertThat(root.resolve(INTERFACES.substring(1))).hasContent(text);
    }

    @Test
    void a_file_that_has_changed_since_the_move_is_not_restored() throws IOException {
        ifupdown2("auto eno1\niface eno1 inet dhcp\n");
        List<FileChange> written = write(onto().before());
        file(INTERFACES, written.get(0).after().orElseThrow() + "auto eno7\n");
        assertThatThrownBy(() -> plan(Direction.BACK, true, written))
                .isInstanceOf(UplinkRefusal.class)
                .hasMessageContaining(INTERFACES + " has changed since the move: line ")
                .hasMessageContaining(" + auto eno7; ")
                .hasMessageContaining("--discard-changes");
    }

    @Test
    void a_file_that_has_changed_since_the_move_is_restored_if_the_change_may_be_lost_and_a_copy_stays()
            throws IOException {
        String text = "auto eno1\niface eno1 inet dhcp\n";
        ifupdown2(text);
        List<FileChange> written = write(onto().before());
        String changed = written.get(0).after().orElseThrow() + "auto eno7\n";
        file(INTERFACES, changed);

        ManagerPlan plan = new HostManagers(new HostFiles(root))
                .plan(
                        picture(),
                        new MoveRequest(Direction.BACK, "eno1", "vmbr0", Duration.ofMinutes(2), List.of(), true, true),
                        written);
        List<FileChange> restored = write(plan.before());

        String copy = "/etc/network/.interfaces.op-dbus-discarded";
        assertThat(plan.notes())
                .singleElement()
                .asString()
                .startsWith(INTERFACES + " has changed since the move. This is lost, but for a copy in " + copy
                        + ":\nline ")
                .endsWith("\n+ auto eno7");
        assertThat(root.resolve(INTERFACES.substring(1))).hasContent(text);
        assertThat(root.resolve(copy.substring(1))).hasContent(changed);
        assertThat(restored.get(0).mode()).isEqualTo(0600);
    }

    @Test
    void ifupdown_needs_the_scripts_of_open_vswitch() throws IOException {
        file("/usr/sbin/ifup", "");
        file(INTERFACES, "auto eno1\niface eno1 inet dhcp\n");
        assertThatThrownBy(this::onto).hasMessageContaining("install the package openvswitch-switch");
        file("/etc/network/if-pre-up.d/openvswitch", "");
        file("/run/network/ifstate", "lo=lo\neno1=eno1\n");
        ManagerPlan plan = onto();
        assertThat(plan.manager()).startsWith("ifupdown (");
        assertThat(titles(plan.after())).containsExactly("tell ifupdown that vmbr0 is up");
    }

    @Test
    void a_symbolic_link_in_the_place_of_a_file_is_not_replaced() throws IOException {
        ifupdown2("");
        file("/srv/interfaces", "auto eno1\niface eno1 inet dhcp\n");
        Files.delete(root.resolve("etc/network/interfaces"));
        Files.createSymbolicLink(root.resolve("etc/network/interfaces"), Path.of("../../srv/interfaces"));
        assertThatThrownBy(this::onto).hasMessageContaining("is a symbolic link to ../../srv/interfaces");
    }

    @Test
    void a_file_that_is_too_long_or_no_text_is_refused() throws IOException {
        ifupdown2("iface eno1 inet dhcp\n" + "#\n".repeat(HostFiles.BYTES_MAX));
        assertThatThrownBy(this::onto).isInstanceOf(UplinkRefusal.class).hasMessageContaining("262144");
        ifupdown2("");
        Files.write(root.resolve("etc/network/interfaces"), new byte[] {'i', 'f', (byte) 0xff, '\n'});
        assertThatThrownBy(this::onto).isInstanceOf(UplinkRefusal.class).hasMessageContaining("is not text in UTF-8");
    }

    @Test
    void dhclient_is_stopped_without_a_word_and_started_on_the_bridge_with_its_leases() throws IOException {
        ifupdown2("auto eno1\niface eno1 inet dhcp\n");
        clients.put(
                "eno1",
                List.of(new DhcpClient(
                        "dhclient",
                        77,
                        List.of(
                                "-pf",
                                "/run/dhclient.eno1.pid",
                                "-lf",
                                "/var/lib/dhcp/dhclient.eno1.leases",
                                "eno1"))));
        ManagerPlan plan = onto();
        assertThat(plan.takenOver()).containsExactly(77L);
        assertThat(titles(plan.before())).contains("stop the DHCP client of eno1");
        Step.RunProgram start = (Step.RunProgram) plan.after().get(0);
        assertThat(start.arguments())
                .endsWith(
                        "/var/lib/dhcp/dhclient.eno1.leases",
                        "/var/lib/dhcp/dhclient.vmbr0.leases",
                        "eno1",
                        "vmbr0",
                        "/run/dhclient.vmbr0.pid",
                        "/sbin/dhclient",
                        "-nw",
                        "-pf",
                        "/run/dhclient.vmbr0.pid",
                        "-lf",
                        "/var/lib/dhcp/dhclient.vmbr0.leases",
                        "vmbr0");
        assertThat(start.undo()).endsWith("/run/dhclient.vmbr0.pid");
    }

    @Test
    void other_dhcp_clients_are_refused_by_name() throws IOException {
        ifupdown2("auto eno1\niface eno1 inet dhcp\n");
        clients.put(
                "eno1", List.of(new DhcpClient("udhcpc", 5, List.of()), new DhcpClient("dhclient", 6, List.of("-d"))));
        assertThatThrownBy(this::onto)
                .hasMessageContaining("udhcpc (process 5)")
                .hasMessageContaining("dhclient (process 6) was not started for eno1 alone");
    }

    @Test
    void networkd_gets_two_files_that_come_first_and_loses_them_again() throws IOException {
        networkd();
        ManagerPlan plan = onto();
        assertThat(plan.manager()).isEqualTo("systemd-networkd (" + LAN + ")");
        List<FileChange> written = write(plan.before());
        assertThat(written).extracting(FileChange::path).containsExactly(FORMER, FOR_LINK, FOR_BRIDGE, DEAF, KEEP);
        assertThat(written.get(2).after().orElseThrow()).contains("Name=vmbr0\n", "DHCP=yes\n", "IAID=1601022632\n");
        assertThat(((Step.RunProgram) plan.after().get(0)).arguments()).endsWith("sh", "eno1");

        ManagerPlan back = plan(Direction.BACK, true, written);
        List<FileChange> removed = write(back.before());
        assertThat(removed)
                .extracting(FileChange::path)
                .containsExactly(RETURN, FORMER, FOR_LINK, FOR_BRIDGE, DEAF, KEEP);
        assertThat(removed.get(0).after().orElseThrow())
                .contains("Name=eno1\n", "DHCP=yes\n", "KeepConfiguration=yes\n");
        assertThat(titles(back.after())).endsWith("remove " + RETURN);
        assertThat(new HostFiles(root).names("/etc/systemd/network")).containsExactly("20-lan.network");
        assertThat(new HostFiles(root).names("/run/systemd/network")).containsExactly("01-op-dbus-eno1.network");
    }

    @Test
    void after_a_boot_the_files_of_run_are_gone_and_the_move_back_does_not_mind() throws IOException {
        networkd();
        List<FileChange> written = write(onto().before());
        Files.delete(root.resolve(FORMER.substring(1)));
        Files.delete(root.resolve(KEEP.substring(1)));
        ManagerPlan back = plan(Direction.BACK, true, written);
        assertThat(write(back.before()))
                .extracting(FileChange::path)
                .containsExactly(RETURN, FOR_LINK, FOR_BRIDGE, DEAF);
    }

    @Test
    void a_file_before_all_of_ours_is_refused() throws IOException {
        networkd();
        file("/etc/systemd/network/00-a.network", "[Match]\nName=eno*\n");
        assertThatThrownBy(this::onto).hasMessageContaining("/etc/systemd/network/00-a.network comes before");
    }

    @Test
    void programs_whose_files_we_do_not_change_are_refused_by_name() {
        owners.put(
                "eno1", List.of(new LinkOwner("netplan", "eno1, for systemd-networkd", "/etc/netplan/50-office.yaml")));
        assertThatThrownBy(this::onto).hasMessageContaining("netplan configures eno1 (/etc/netplan/50-office.yaml)");
    }

    @Test
    void two_programs_for_one_link_are_refused() throws IOException {
        networkd();
        ifupdown2("auto eno1\niface eno1 inet dhcp\n");
        assertThatThrownBy(this::onto).hasMessageContaining("both configure eno1");
    }

    @Test
    void a_link_that_no_program_configures_moves_if_no_file_is_to_change() {
        assertThatThrownBy(this::onto).hasMessageContaining("--no-persist");
        ManagerPlan plan = plan(Direction.ONTO, false, List.of());
        assertThat(plan.before()).isEmpty();
        assertThat(plan.after()).isEmpty();
        assertThat(plan.notes())
                .singleElement()
                .asString()
                .startsWith("Nothing is written for the next boot")
                .contains("op-dbus uplink back eno1");
        assertThat(plan(Direction.BACK, false, List.of()).before()).isEmpty();
    }

    /** Open vSwitch keeps the port over a reboot, and that program would give the link its addresses again. */
    @Test
    void a_link_of_another_program_does_not_move_even_if_no_file_is_to_change() {
        owners.put("eno1", List.of(new LinkOwner("libvirt", "a network", "/etc/libvirt/qemu/networks/office.xml")));
        for (boolean persists : List.of(true, false)) {
            assertThatThrownBy(() -> plan(Direction.ONTO, persists, List.of()))
                    .hasMessageContaining("libvirt (/etc/libvirt/qemu/networks/office.xml)")
                    .hasMessageContaining("at the next boot");
        }
    }

    @Test
    void a_link_that_a_file_configures_moves_with_the_file_or_not_at_all() throws IOException {
        networkd();
        assertThatThrownBy(() -> plan(Direction.ONTO, false, List.of())).hasMessageContaining("leave --no-persist out");
    }
}
