// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.fuse.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivex.rxjava3.subscribers.TestSubscriber;
import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.opdbus.events.ContainerId;
import org.opdbus.events.Link;
import org.opdbus.events.LinkName;
import org.opdbus.verticles.fuse.tree.Node;
import org.opdbus.verticles.fuse.tree.TreeChange;
import org.opdbus.verticles.fuse.tree.TreeChange.Added;
import org.opdbus.verticles.fuse.tree.TreeChange.Modified;
import org.opdbus.verticles.fuse.tree.TreeChange.Removed;
import org.opdbus.verticles.inventory.ContainerPhase;
import org.opdbus.verticles.inventory.ContainerStatus;
import org.opdbus.verticles.inventory.ContainerStatus.LinkStatus;
import org.opdbus.verticles.inventory.HostFacts;
import org.opdbus.verticles.inventory.HostFacts.LedgerStanding;
import org.opdbus.verticles.inventory.Inventory;
import org.opdbus.verticles.inventory.KnownContainer;
import org.opdbus.verticles.inventory.MeshMembership;
import org.opdbus.verticles.inventory.SnapshotMap;
import org.opdbus.verticles.inventory.WantedContainer;

class HostTreeTest {
    private static final String B = "bbbbbbbb-0000-0000-0000-000000000001";
    private static final String P = "aaaaaaaa-0000-0000-0000-000000000002";
    private static final String I = "11111111-0000-0000-0000-000000000003";
    private static final String J = "22222222-0000-0000-0000-000000000004";
    private static final Instant LATER = TreeLab.START.plusSeconds(60);

    private final TreeLab lab = new TreeLab();

    @Test
    void a_row_is_a_folder_of_its_columns_and_all_of_them_in_one_file() {
        lab.put("Interface", I, Map.of("name", "\"p1\"", "ofport", "5", "external_ids", "{\"a\":\"1\"}"));

        String folder = "by-uuid/interfaces/" + I;
        assertThat(lab.list(folder)).containsOnlyKeys("_uuid", "external_ids", "name", "ofport", "row.json");
        assertThat(lab.text(folder + "/ofport")).isEqualTo("5\n");
        assertThat(lab.text(folder + "/external_ids")).isEqualTo("{\"a\":\"1\"}\n");
        assertThat(lab.text(folder + "/_uuid")).isEqualTo('"' + I + "\"\n");
        assertThat(lab.text(folder + "/row.json"))
                .isEqualTo("{\"_uuid\":\"" + I + "\",\"external_ids\":{\"a\":\"1\"},\"name\":\"p1\",\"ofport\":5}\n");
    }

    @Test
    void a_name_leads_to_the_folder_of_its_row() {
        lab.put("Port", P, Map.of("name", "\"p1\"", "tag", "7"));

        assertThat(lab.target("by-name/ports/p1")).isEqualTo("../../by-uuid/ports/" + P);
        assertThat(lab.text("by-name/ports/p1/tag")).isEqualTo("7\n");
        assertThat(lab.list("by-name")).containsOnlyKeys("bridges", "interfaces", "ports");
        assertThat(lab.list("by-uuid")).containsOnlyKeys("bridges", "interfaces", "mirrors", "ports");
    }

    @Test
    void names_that_cannot_be_file_names_are_escaped_and_found_under_the_escaped_name_alone() {
        Map<String, String> files = Map.of(
                "a/b", "a%2Fb", "..", "%2E%2E", ".", "%2E", "a\nb", "a%0Ab", "50%", "50%25", "nul\0", "nul%00",
                "\u0085", "%C2%85", "ü", "ü", "...", "...");
        int number = 10;
        for (String name : files.keySet()) {
            lab.put("Interface", "00000000-0000-0000-0000-0000000000" + number++, Map.of("name", quoted(name)));
        }

        assertThat(lab.list("by-name/interfaces")).containsOnlyKeys(files.values());
        files.forEach((name, file) ->
                assertThat(lab.text("by-name/interfaces/" + file + "/name")).isEqualTo(quoted(name) + "\n"));
        for (String wrong : List.of("..", ".", "50%", "a\nb", "%C3%BC", "%c3%bc", "a%2fb", "%", "%4", "%FF", "")) {
            assertThat(FileName.nameOf(wrong)).as(wrong).isEmpty();
        }
    }

    @Test
    void a_name_of_4096_bytes_and_an_empty_one_are_left_out_and_the_row_is_there() {
        lab.put("Interface", I, Map.of("name", quoted("x".repeat(4_096))));
        lab.put("Interface", J, Map.of("name", "\"\""));

        assertThat(lab.list("by-name/interfaces")).isEmpty();
        assertThat(lab.list("by-uuid/interfaces")).containsOnlyKeys(I, J);
    }

    @Test
    void of_two_rows_of_one_name_one_has_the_name_and_both_have_a_folder() {
        lab.put("Interface", I, Map.of("name", "\"p\""));
        lab.put("Interface", J, Map.of("name", "\"p\""));
        assertThat(lab.target("by-name/interfaces/p")).endsWith(J);
        assertThat(lab.list("by-uuid/interfaces")).containsOnlyKeys(I, J);
        everyNodeIsFoundByItsNumber();

        lab.remove("Interface", J);

        assertThat(lab.list("by-uuid/interfaces")).containsOnlyKeys(I);
        everyNodeIsFoundByItsNumber();
    }

    @Test
    void sizes_and_times_are_true() {
        lab.put("Interface", I, Map.of("name", "\"p1\"", "ofport", "5", "unicode", "\"ü\""));
        lab.now = LATER;
        lab.put("Interface", I, Map.of("ofport", "6"));

        everyNodeIsFoundByItsNumber();
        assertThat(lab.at("by-uuid/interfaces/" + I + "/ofport").orElseThrow().modified())
                .isEqualTo(LATER);
        assertThat(lab.at("by-uuid/interfaces/" + I + "/row.json").orElseThrow().modified())
                .isEqualTo(LATER);
        assertThat(lab.at("by-uuid/interfaces/" + I + "/name").orElseThrow().modified())
                .isEqualTo(TreeLab.START);
        assertThat(lab.at("by-uuid/interfaces").orElseThrow().modified()).isEqualTo(TreeLab.START);
    }

    @Test
    void a_node_stays_what_it_was_when_it_was_returned() {
        lab.put("Port", P, Map.of("name", "\"p1\"", "tag", "7"));
        Node.Folder folder = (Node.Folder) lab.at("by-uuid/ports/" + P).orElseThrow();

        lab.put("Port", P, Map.of("tag", "8"));
        lab.remove("Port", P);

        assertThat(content(folder.child("tag"))).isEqualTo("7\n");
        assertThat(new JsonObject(content(folder.child("row.json"))).getInteger("tag"))
                .isEqualTo(7);
        assertThat(lab.tree.node(folder.id())).isEmpty();
    }

    @Test
    void the_file_of_a_loss_says_since_when_and_why_and_the_rows_stay() {
        assertThat(lab.list("")).containsKey(".stale");
        lab.put("Bridge", B, Map.of("name", "\"br0\""));
        lab.connected();
        assertThat(lab.list("")).containsOnlyKeys("aliases", "by-name", "by-uuid", "containers", "proxmox");
        TestSubscriber<TreeChange> changes = lab.tree.changes().test();
        lab.now = LATER;

        lab.lost("the server is gone");

        assertThat(new JsonObject(lab.text(".stale")))
                .isEqualTo(new JsonObject().put("reason", "the server is gone").put("since", LATER.toString()));
        assertThat(lab.text("by-name/bridges/br0/name")).isEqualTo("\"br0\"\n");
        lab.connected();
        assertThat(changes.values())
                .containsExactly(
                        new Added(HostTree.ROOT, ".stale", FixedNode.STALE),
                        new Removed(HostTree.ROOT, ".stale", FixedNode.STALE));
        assertThat(lab.at("")
                        .or(() -> lab.tree.node(HostTree.ROOT))
                        .orElseThrow()
                        .modified())
                .isEqualTo(LATER);
    }

    @Test
    void each_changed_column_is_said_and_nothing_else() {
        lab.put("Interface", I, Map.of("name", "\"p1\"", "ofport", "5", "statistics", "{}"));
        lab.put("Interface", J, Map.of("name", "\"p2\"", "ofport", "6", "statistics", "{}"));
        TestSubscriber<TreeChange> changes = lab.tree.changes().test();

        lab.put("Interface", I, Map.of("statistics", "{\"rx_bytes\":1}"));

        Node.Folder folder = (Node.Folder) lab.at("by-uuid/interfaces/" + I).orElseThrow();
        assertThat(changes.values())
                .containsExactly(
                        new Modified(folder.id(), "statistics", id(folder, "statistics")),
                        new Modified(folder.id(), "row.json", id(folder, "row.json")));
    }

    @Test
    void a_row_that_takes_over_a_name_is_another_node_under_it() {
        lab.put("Port", P, Map.of("name", "\"p1\""));
        long before = lab.at("by-name/ports/p1").orElseThrow().id();
        TestSubscriber<TreeChange> changes = lab.tree.changes().test();

        lab.remove("Port", P);
        lab.put("Port", I, Map.of("name", "\"p1\""));

        long after = lab.at("by-name/ports/p1").orElseThrow().id();
        assertThat(after).isNotEqualTo(before);
        long names = lab.at("by-name/ports").orElseThrow().id();
        assertThat(changes.values()).contains(new Removed(names, "p1", before), new Added(names, "p1", after));
    }

    @Test
    void a_slow_reader_of_changes_gets_what_differs_in_the_end() {
        lab.put("Port", P, Map.of("name", "\"p1\"", "tag", "1"));
        TestSubscriber<TreeChange> changes = lab.tree.changes().test(0);

        for (int tag = 2; tag < 1_000; tag++) {
            lab.put("Port", P, Map.of("tag", Integer.toString(tag)));
        }
        changes.request(Long.MAX_VALUE);

        assertThat(changes.values()).hasSizeBetween(2, 6);
        assertThat(changes.values()).last().isInstanceOf(Modified.class);
    }

    @Test
    void an_alternative_name_and_the_number_of_a_guest_lead_to_the_interface() {
        lab.put("Interface", I, Map.of("name", "\"veth101i0\""));
        lab.put("Interface", J, Map.of("name", "\"eth0\""));
        lab.inventory(withLinks(link(4, "veth101i0", "vi101"), link(5, "eth0", "uplink", "101"), link(6, "lo", "own")));

        assertThat(lab.list("aliases")).containsOnlyKeys("101", "uplink", "vi101");
        assertThat(lab.target("aliases/vi101")).isEqualTo("../by-uuid/interfaces/" + I);
        assertThat(lab.target("aliases/101")).isEqualTo("../by-uuid/interfaces/" + I);
        assertThat(lab.text("aliases/uplink/name")).isEqualTo("\"eth0\"\n");

        TestSubscriber<TreeChange> changes = lab.tree.changes().test();
        long id = lab.at("aliases/101").orElseThrow().id();
        lab.remove("Interface", I);
        assertThat(lab.list("aliases")).containsOnlyKeys("101", "uplink");
        assertThat(lab.target("aliases/101")).isEqualTo("../by-uuid/interfaces/" + J);
        assertThat(changes.values()).contains(new Modified(FixedNode.ALIASES, "101", id));
        lab.inventory(withLinks(link(5, "eth0")));
        assertThat(lab.list("aliases")).isEmpty();
        everyNodeIsFoundByItsNumber();
    }

    @Test
    void a_guest_of_proxmox_has_its_links_and_what_is_known_of_them() {
        lab.put("Interface", I, Map.of("name", "\"veth101i10\""));
        lab.put("Interface", J, Map.of("name", "\"veth101i2\""));
        lab.put("Port", P, Map.of("name", "\"veth101i2\"", "tag", "12", "trunks", "[3,4]", "vlan_mode", "[]"));
        lab.put("Bridge", B, Map.of("name", "\"vmbr0\"", "ports", '"' + P + '"'));
        lab.put("Interface", B, Map.of("name", "\"veth12i0\""));

        assertThat(lab.list("proxmox")).containsOnlyKeys("vm-101");
        assertThat(lab.list("proxmox/vm-101"))
                .containsOnlyKeys("veth101i10", "veth101i10.conf", "veth101i2", "veth101i2.conf");
        assertThat(lab.target("proxmox/vm-101/veth101i2")).isEqualTo("../../by-uuid/interfaces/" + J);
        assertThat(lab.target("aliases/101")).endsWith(J);
        assertThat(lab.text("proxmox/vm-101/veth101i2.conf"))
                .isEqualTo("[interface.veth101i2]\nvmid = 101\ntype = container\nbridge = vmbr0\ntag = 12\n"
                        + "trunks = 3,4\novs-interface = " + J + "\n");
        everyNodeIsFoundByItsNumber();

        TestSubscriber<TreeChange> changes = lab.tree.changes().test();
        Node.Folder folder = (Node.Folder) lab.at("proxmox/vm-101").orElseThrow();
        lab.put("Port", P, Map.of("tag", "[]"));
        assertThat(lab.text("proxmox/vm-101/veth101i2.conf")).doesNotContain("tag");
        assertThat(changes.values())
                .contains(new Modified(folder.id(), "veth101i2.conf", id(folder, "veth101i2.conf")));
        lab.put("Bridge", B, Map.of("ports", "[]"));
        assertThat(lab.text("proxmox/vm-101/veth101i2.conf")).doesNotContain("bridge");
        lab.remove("Interface", I);
        lab.remove("Interface", J);
        assertThat(lab.list("proxmox")).isEmpty();
        assertThat(changes.values()).contains(new Removed(FixedNode.PROXMOX, "vm-101", folder.id()));
    }

    @Test
    void a_container_is_a_folder_in_the_words_of_query() {
        lab.put("Interface", I, Map.of("name", "\"vi-web\""));
        lab.inventory(withContainer(container("web", ContainerPhase.ENROLLED, "", "vi-web", "vi-web2")));

        assertThat(lab.list("containers/web"))
                .containsOnlyKeys("bridge", "kind", "links", "name", "reason", "state", "veth");
        assertThat(lab.text("containers/web/state")).isEqualTo("enrolled\n");
        assertThat(lab.text("containers/web/reason")).isEmpty();
        assertThat(lab.text("containers/web/veth")).isEqualTo("vi-web\n");
        assertThat(lab.text("containers/web/bridge")).isEqualTo("br0\n");
        assertThat(lab.text("containers/web/kind")).isEqualTo("lxc\n");
        assertThat(lab.text("containers/web/name")).isEqualTo("web\n");
        assertThat(lab.target("containers/web/links/vi-web")).isEqualTo("../../../by-uuid/interfaces/" + I);
        assertThat(lab.target("containers/web/links/vi-web2")).isEqualTo("/sys/class/net/vi-web2");
        everyNodeIsFoundByItsNumber();

        TestSubscriber<TreeChange> changes = lab.tree.changes().test();
        lab.now = LATER;
        lab.inventory(withContainer(container("web", ContainerPhase.REFUSED, "no bridge\n\u001b[31m", "vi-web")));
        Node.Folder folder = (Node.Folder) lab.at("containers/web").orElseThrow();
        assertThat(lab.text("containers/web/reason")).isEqualTo("no bridge\\u000a\\u001b[31m\n");
        assertThat(changes.values())
                .contains(
                        new Modified(folder.id(), "state", id(folder, "state")),
                        new Modified(folder.id(), "reason", id(folder, "reason")))
                .doesNotContain(new Modified(folder.id(), "veth", id(folder, "veth")));
        assertThat(lab.list("containers/web/links")).containsOnlyKeys("vi-web");
        lab.put("Interface", J, Map.of("name", "\"vi-web\""));
        assertThat(lab.target("containers/web/links/vi-web")).endsWith(J);

        lab.inventory(withContainers(SnapshotMap.empty()));
        assertThat(lab.list("containers")).isEmpty();
        assertThat(changes.values()).contains(new Removed(FixedNode.CONTAINERS, "web", folder.id()));
    }

    @Test
    void each_new_entry_of_the_ledger_is_said() {
        lab.inventory(withHeight(Optional.empty()));
        TestSubscriber<TreeChange> changes = lab.tree.changes().test();

        lab.inventory(withHeight(Optional.of(7L)));
        lab.inventory(withHeight(Optional.of(9L)));

        Modified head = new Modified(FixedNode.LEDGER, "head", FixedNode.HEAD);
        assertThat(changes.values()).containsExactly(head, entry(7), head, entry(8), entry(9));
    }

    private static Added entry(long height) {
        return new Added(FixedNode.LEDGER, height + ".json", NodeNumber.id(NodeNumber.Kind.ENTRY, height));
    }

    private Inventory withHeight(Optional<Long> height) {
        Inventory old = lab.inventory();
        HostFacts host = new HostFacts(
                "here",
                "1",
                TreeLab.START,
                old.host().sources(),
                new LedgerStanding(height, height.map(String::valueOf), Optional.empty()));
        return new Inventory(
                old.version() + 1,
                host,
                old.containers(),
                old.links(),
                old.ports(),
                old.bridges(),
                old.enrollments(),
                old.peers(),
                old.labs(),
                old.tally());
    }

    @Test
    void numbers_that_were_never_given_lead_nowhere() {
        lab.put("Interface", I, Map.of("name", "\"p1\""));

        for (long id : new long[] {0, -1, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 32 | 1, 1L << 56, 13, 15, 20, 35, 99}) {
            assertThat(lab.tree.node(id)).as("%d", id).isEmpty();
        }
        for (NodeNumber.Kind kind : NodeNumber.Kind.values()) {
            assertThat(lab.tree.node(NodeNumber.id(kind, (1L << 56) - 1)))
                    .as(kind.name())
                    .isEmpty();
        }
    }

    /** Walks the whole tree without following symbolic links. */
    private void everyNodeIsFoundByItsNumber() {
        Set<Long> seen = new HashSet<>();
        Deque<Node> folders =
                new ArrayDeque<>(List.of(lab.tree.node(HostTree.ROOT).orElseThrow()));
        while (!folders.isEmpty()) {
            Node.Folder folder = (Node.Folder) folders.pop();
            int[] below = new int[1];
            folder.forEach((name, node) -> {
                assertThat(seen.add(node.id())).as(name).isTrue();
                Node found = lab.tree.node(node.id()).orElseThrow(() -> new AssertionError(name));
                assertThat(found.modified()).as(name).isEqualTo(node.modified());
                assertThat(folder.child(name).map(Node::id)).as(name).contains(node.id());
                if (node instanceof Node.Folder) {
                    below[0]++;
                    folders.push(node);
                } else if (node instanceof Node.TextFile file) {
                    assertThat(file.size()).as(name).isEqualTo(file.content().length);
                } else {
                    assertThat(found).isEqualTo(node);
                }
            });
            assertThat(folder.folders()).isEqualTo(below[0]);
        }
    }

    private Inventory withLinks(Link... links) {
        SnapshotMap<Integer, Link> all = SnapshotMap.empty();
        for (Link link : links) {
            all = all.with(link.index(), link);
        }
        Inventory old = lab.inventory();
        return new Inventory(
                old.version() + 1,
                old.host(),
                old.containers(),
                all,
                old.ports(),
                old.bridges(),
                old.enrollments(),
                old.peers(),
                old.labs(),
                old.tally());
    }

    private Inventory withContainer(KnownContainer container) {
        return withContainers(SnapshotMap.<ContainerId, KnownContainer>empty().with(container.id(), container));
    }

    private Inventory withContainers(SnapshotMap<ContainerId, KnownContainer> containers) {
        Inventory old = lab.inventory();
        return new Inventory(
                old.version() + 1,
                old.host(),
                containers,
                old.links(),
                old.ports(),
                old.bridges(),
                old.enrollments(),
                old.peers(),
                old.labs(),
                old.tally());
    }

    private static KnownContainer container(String id, ContainerPhase phase, String why, String... links) {
        List<LinkStatus> all = new ArrayList<>();
        for (String link : links) {
            all.add(new LinkStatus(10 + all.size(), link, List.of(), Optional.of("br0"), Optional.empty(), 1));
        }
        return new KnownContainer(
                new ContainerStatus(new ContainerId(id), Optional.empty(), true, phase, why, "", all),
                WantedContainer.UNNAMED,
                MeshMembership.NONE,
                TreeLab.START);
    }

    private static Link link(int index, String name, String... altNames) {
        return new Link(
                index,
                new LinkName(name),
                List.of(altNames),
                "veth",
                Optional.empty(),
                0,
                Link.NO_NAMESPACE,
                0,
                true,
                true);
    }

    private static long id(Node.Folder folder, String name) {
        return folder.child(name).orElseThrow().id();
    }

    private static String content(Optional<Node> file) {
        return new String(((Node.TextFile) file.orElseThrow()).content(), StandardCharsets.UTF_8);
    }

    private static String quoted(String name) {
        return Json.encode(name);
    }
}
