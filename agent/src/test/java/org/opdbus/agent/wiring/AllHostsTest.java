// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.reactivex.rxjava3.core.Single;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.inventory.Peer;

final class AllHostsTest {
    private static final Instant SEEN = Instant.parse("2026-01-02T03:04:05Z");
    private static final String CONTAINER = "{\"id\":\"100\",\"veth\":\"vi100\",\"bridge\":\"vmbr0\",\"running\":true,"
            + "\"properties\":{\"vlan\":20},\"state\":\"refused\",\"reason\":\"no such bridge\",\"phase\":7}";

    @Test
    void this_host_comes_first_and_the_others_by_pages_each_once() {
        String large = "{\"id\":\"100\",\"x\":\"" + "x".repeat(300 * 1024) + "\"}";
        List<Peer> others = IntStream.range(0, 5)
                .mapToObj(i -> peer("h" + i, i != 3, 0, large))
                .toList();
        AllHosts all = new AllHosts("self", List::of, () -> 41, () -> others);

        List<String> hosts = new ArrayList<>();
        int pages = 0;
        JsonObject question = new JsonObject();
        while (question != null) {
            JsonObject page = all.hosts(question, () -> Single.just(new JsonArray().add(new JsonObject(CONTAINER))))
                    .blockingGet();
            page.getJsonArray("hosts")
                    .forEach(host -> hosts.add(
                            ((JsonObject) host).getString("host") + " " + ((JsonObject) host).getString("state")));
            question = page.containsKey("next") ? new JsonObject().put("after", page.getString("next")) : null;
            pages++;
        }
        assertThat(hosts).containsExactly("self self", "h0 up", "h1 up", "h2 up", "h3 away", "h4 up");
        assertThat(pages).isEqualTo(3);
    }

    @Test
    void each_container_says_its_host_and_whether_that_is_away() {
        AllHosts all = new AllHosts("self", List::of, () -> 41, () -> List.of(peer("b", false, 2, CONTAINER)));
        JsonArray hosts = all.hosts(new JsonObject(), () -> Single.just(new JsonArray()))
                .blockingGet()
                .getJsonArray("hosts");
        JsonObject away = hosts.getJsonObject(1);
        assertThat(away.getLong("containers_left_out")).isEqualTo(2);
        assertThat(away.getString("last_seen")).isEqualTo(SEEN.toString());
        assertThat(away.getLong("ledger_height")).isEqualTo(17);
        JsonObject container = away.getJsonArray("containers").getJsonObject(0);
        assertThat(container.getString("host")).isEqualTo("b");
        assertThat(container.getString("host_state")).isEqualTo("away");
        assertThat(container.getString("state")).isEqualTo("refused");
        assertThat(hosts.getJsonObject(0).getLong("ledger_height")).isEqualTo(41);

        JsonObject bare = all.hosts(new JsonObject().put("containers", false), () -> Single.error(new AssertionError()))
                .blockingGet();
        assertThat(bare.getJsonArray("hosts"))
                .hasSize(2)
                .noneMatch(host -> ((JsonObject) host).containsKey("containers"));
    }

    @Test
    void only_a_host_that_has_forged_messages_says_how_many() {
        AllHosts all = new AllHosts(
                "self",
                List::of,
                () -> 41,
                () -> List.of(peer("b", true, 0, CONTAINER), peer("c", true, 0, CONTAINER)));
        assertThat(all.forged()).isEmpty();
        all.count(() -> Map.of("sender", 3L, "signature", 1L), () -> Map.of("c", 3L));
        JsonArray hosts = all.hosts(new JsonObject().put("containers", false), () -> Single.just(new JsonArray()))
                .blockingGet()
                .getJsonArray("hosts");
        assertThat(hosts.getJsonObject(2).getLong("messages_forged")).isEqualTo(3);
        assertThat(hosts.stream().filter(host -> ((JsonObject) host).containsKey("messages_forged")))
                .hasSize(1);
        assertThat(all.forged()).containsEntry("signature", 1L);
    }

    @Test
    void a_member_that_forges_and_shows_nothing_of_its_own_comes_last_and_once() {
        String large = "{\"id\":\"100\",\"x\":\"" + "x".repeat(600 * 1024) + "\"}";
        AllHosts all = new AllHosts(
                "self", List::of, () -> 41, () -> List.of(peer("b", true, 0, large), peer("c", true, 0, large)));
        all.count(Map::of, () -> Map.of("a", 2L, "b", 3L));
        JsonObject first =
                all.hosts(new JsonObject(), () -> Single.just(new JsonArray())).blockingGet();
        assertThat(first.getJsonArray("hosts"))
                .extracting(host -> ((JsonObject) host).getString("host"))
                .containsExactly("self", "b");
        JsonObject last = all.hosts(
                        new JsonObject().put("after", first.getString("next")), () -> Single.just(new JsonArray()))
                .blockingGet();
        assertThat(last.getJsonArray("hosts"))
                .extracting(host -> ((JsonObject) host).getString("host"))
                .containsExactly("c", "a");
        assertThat(last.getJsonArray("hosts").getJsonObject(1))
                .isEqualTo(new JsonObject()
                        .put("host", "a")
                        .put("state", "unknown")
                        .put("messages_forged", 2L)
                        .put("containers", new JsonArray()));
        assertThat(last.containsKey("next")).isFalse();
    }

    private static Peer peer(String host, boolean up, long leftOut, String container) {
        return new Peer(host, up, SEEN, 17, 0, "", "1.0", List.of(container), leftOut);
    }
}
