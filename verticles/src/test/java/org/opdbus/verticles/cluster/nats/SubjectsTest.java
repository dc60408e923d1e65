// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.cluster.nats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class SubjectsTest {
    private final Subjects subjects = new Subjects("fleet");

    @Test
    void every_name_has_one_token_without_anything_that_means_more_in_a_subject() {
        for (String host : List.of("h1", "a.b", "a=2Eb", "*", ">", "a b", "ß", "$JS", "-_")) {
            String token = HostToken.of(host);
            assertThat(token).matches("[A-Za-z0-9=_-]+");
            assertThat(HostToken.host(token)).contains(host);
        }
        assertThat(HostToken.of("node-1.example.org")).isEqualTo("node-1=2Eexample=2Eorg");
    }

    @Test
    void what_is_no_token_has_no_host() {
        for (String token : List.of("", "=", "a.b", "=2", "=2e", "=41", "a b", "=FF")) {
            assertThat(HostToken.host(token)).as(token).isEmpty();
        }
    }

    @Test
    void a_host_publishes_for_others_only_in_its_own_name() {
        assertThat(subjects.publishedBy("a.b"))
                .contains(
                        "fleet.facts.a=2Eb",
                        "fleet.entries.a=2Eb",
                        "$KV.fleet_heads.a=2Eb",
                        "fleet.to.*.a=2Eb",
                        "$JS.API.STREAM.CREATE.fleet_entries",
                        "$JS.API.DIRECT.GET.KV_fleet_heads")
                .noneMatch(subject -> subject.endsWith(">") || subject.endsWith("*"));
        assertThat(subjects.subscribedBy("a.b")).contains("fleet.to.a=2Eb.*", "fleet.inbox.a=2Eb.>", "fleet.facts.*");
    }
}
