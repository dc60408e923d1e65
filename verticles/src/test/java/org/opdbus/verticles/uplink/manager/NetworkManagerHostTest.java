// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.manager;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opdbus.verticles.files.HostFiles;
import org.opdbus.verticles.kernel.netlink.listing.IpFamily;
import org.opdbus.verticles.kernel.netlink.listing.ListedAddress;
import org.opdbus.verticles.kernel.netlink.listing.ListedLink;
import org.opdbus.verticles.kernel.netlink.listing.ListedRoute;
import org.opdbus.verticles.uplink.plan.FileChange;
import org.opdbus.verticles.uplink.plan.ManagerPlan;
import org.opdbus.verticles.uplink.plan.MoveRequest;
import org.opdbus.verticles.uplink.plan.MoveRequest.Direction;
import org.opdbus.verticles.uplink.plan.Step;
import org.opdbus.verticles.uplink.plan.UplinkPicture;
import org.opdbus.verticles.uplink.plan.UplinkPicture.DhcpClient;
import org.opdbus.verticles.uplink.plan.UplinkPicture.LinkOwner;
import org.opdbus.verticles.uplink.plan.UplinkPicture.SwitchBridge;

class NetworkManagerHostTest {
    private static final String FOLDER = "/etc/NetworkManager/system-connections/";
    private static final String OFFICE = FOLDER + "the office.nmconnection";
    private static final String FORMER = "02dd96c3-9eb7-4835-a8a3-72d5a846ca7a";
    private static final String TEXT = "[connection]\nid=the office\nuuid=" + FORMER
            + "\ntype=ethernet\ninterface-name=eno1\n[ethernet]\nmtu=9000\n[ipv4]\nmethod=auto\n[ipv6]\nmethod=auto\n";

    @TempDir
    private Path root;

    private final List<ListedAddress> addresses = new ArrayList<>();
    private final List<DhcpClient> clients = new ArrayList<>();
    private String evidence = OFFICE;
    private String datapath = "netdev";

    @BeforeEach
    void host() throws IOException {
        Files.createDirectories(root.resolve("run/systemd/system"));
        file(OFFICE, TEXT);
    }

    private void file(String path, String text) throws IOException {
        Path file = root.resolve(path.substring(1));
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private static ListedAddress address(String address, int prefix, int flags) {
        return new ListedAddress(
                2,
                IpFamily.IPV6,
                address,
                prefix,
                Optional.empty(),
                Optional.empty(),
                "",
                0,
                flags,
                0,
                Optional.of(1800L),
                Optional.of(1800L),
                Optional.empty());
    }

    private static ListedRoute defaultRoute() {
        return new ListedRoute(
                IpFamily.IPV4,
                254,
                "0.0.0.0/0",
                Optional.empty(),
                1,
                0,
                16,
                20_102,
                Optional.empty(),
                0,
                Optional.empty(),
                0,
                Optional.empty(),
                List.of(new ListedRoute.NextHop(2, Optional.of("192.0.2.1"), 1, 0)),
                List.of());
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
        SwitchBridge other = new SwitchBridge(
                "guests",
                datapath,
                Optional.empty(),
                List.of(),
                false,
                Optional.empty(),
                List.of(),
                Map.of(),
                Optional.empty());
        return new UplinkPicture(
                List.of(link),
                addresses,
                List.of(defaultRoute()),
                List.of(),
                List.of(other),
                Map.of("eno1", List.of(new LinkOwner("NetworkManager", "connection \"the office\"", evidence))),
                Map.of(),
                Map.of("eno1", clients),
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

    private static Step.RunProgram program(List<Step> steps) {
        return steps.stream()
                .filter(Step.RunProgram.class::isInstance)
                .map(Step.RunProgram.class::cast)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void the_link_becomes_unmanaged_and_the_bridge_gets_a_profile_and_back() throws IOException {
        addresses.add(address("2001:db8::8ad0:c206:1578:1cc", 64, 0));
        addresses.add(address("2001:db8::bad:bad:bad:bad", 64, 0x01));
        ManagerPlan plan = onto();
        assertThat(plan.manager()).isEqualTo("NetworkManager (" + OFFICE + ")");
        assertThat(plan.notes()).anySatisfy(note -> assertThat(note).contains("eno1 becomes unmanaged"));
        List<FileChange> written = write(plan.before());
        assertThat(written)
                .extracting(FileChange::path)
                .containsExactly(
                        "/etc/NetworkManager/conf.d/99-op-dbus-uplink-eno1.conf",
                        FOLDER + "op-dbus-vmbr0.nmconnection",
                        "/etc/systemd/system/NetworkManager.service.d/op-dbus-uplink.conf",
                        "/etc/udev/rules.d/90-op-dbus-uplink-eno1.rules",
                        "/etc/sysctl.d/00-op-dbus-eno1.conf");
        assertThat(written.get(0).after().orElseThrow()).contains("unmanaged-devices+=interface-name:=eno1\n");
        assertThat(written.get(1).mode()).isEqualTo(0600);
        assertThat(written.get(1).after().orElseThrow())
                .contains("type=tun\n", "route-metric=102\n", "token=::8ad0:c206:1578:1cc\n");
        assertThat(written.get(3).after().orElseThrow()).contains("ATTR{mtu}=\"9000\"\n", "ip link set dev eno1 up");

        List<String> stop = List.of("/bin/sh", "-c", "systemctl stop NetworkManager.service");
        assertThat(program(plan.before()).arguments()).isEqualTo(stop);
        assertThat(program(plan.before()).undo()).containsSubsequence("eno1", FORMER, "vmbr0");
        assertThat(program(plan.after()).arguments()).containsSubsequence("vmbr0", "eno1", FORMER);
        assertThat(program(plan.after()).undo()).isEqualTo(stop);

        ManagerPlan back = plan(Direction.BACK, true, written);
        assertThat(program(back.after()).arguments()).containsSubsequence("eno1", FORMER, "vmbr0");
        write(back.before());
        assertThat(new HostFiles(root).names(FOLDER)).containsExactly("the office.nmconnection");
        assertThat(root.resolve(OFFICE.substring(1))).hasContent(TEXT);
        assertThat(new HostFiles(root).names("/etc/udev/rules.d")).isEmpty();
    }

    @Test
    void the_kernels_datapath_has_links_of_a_kind_that_networkmanager_does_not_know() {
        datapath = "";
        FileChange profile = ((Step.WriteFiles) onto().before().get(1)).files().get(1);
        assertThat(profile.after().orElseThrow()).contains("type=generic\n");
    }

    @Test
    void a_profile_that_is_gone_is_not_given_back() throws IOException {
        List<FileChange> written = write(onto().before());
        Files.delete(root.resolve(OFFICE.substring(1)));
        assertThatThrownBy(() -> plan(Direction.BACK, true, written))
                .hasMessageContaining("the profile " + FORMER + " that eno1 had is no longer in");
    }

    @Test
    void a_profile_in_memory_or_elsewhere_is_refused() {
        for (String place : List.of(
                "/run/NetworkManager/system-connections/Wired connection 1.nmconnection",
                "D-Bus object /org/freedesktop/NetworkManager/Settings/3",
                FOLDER + "../../../tmp/evil")) {
            evidence = place;
            assertThatThrownBy(this::onto)
                    .hasMessageContaining(place)
                    .hasMessageContaining("nmcli connection modify NAME connection.interface-name eno1");
        }
    }

    @Test
    void the_plugin_for_open_vswitch_is_refused_with_its_place() throws IOException {
        String plugin = "/usr/lib/x86_64-linux-gnu/NetworkManager/1.42.4/libnm-device-plugin-ovs.so";
        file(plugin, "");
        assertThatThrownBy(this::onto).hasMessageContaining(plugin).hasMessageContaining("ovs-bridge");
    }

    @Test
    void what_else_does_not_fit_is_refused_at_once() throws IOException {
        Files.delete(root.resolve("run/systemd/system"));
        clients.add(new DhcpClient("dhclient", 77, List.of("eno1")));
        file(FOLDER + "mine.nmconnection", "[connection]\ninterface-name=vmbr0\n");
        addresses.add(address("2001:db8::77", 128, 0));
        assertThatThrownBy(this::onto)
                .hasMessageContaining("not a service of systemd")
                .hasMessageContaining("dhcp=internal")
                .hasMessageContaining(FOLDER + "mine.nmconnection is a profile for vmbr0")
                .hasMessageContaining("dhcp-iaid=ifname");
    }

    @Test
    void without_files_the_link_does_not_move() {
        assertThatThrownBy(() -> plan(Direction.ONTO, false, List.of())).hasMessageContaining("leave --no-persist out");
    }

    @Test
    void two_programs_for_one_link_are_refused() throws IOException {
        file("/usr/sbin/ifup", "");
        file("/etc/network/interfaces", "iface eno1 inet dhcp\n");
        assertThatThrownBy(this::onto).hasMessageContaining("both configure eno1");
    }
}
