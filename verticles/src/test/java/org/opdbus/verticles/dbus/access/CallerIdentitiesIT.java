// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Future;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.dbus.testing.BusUser;
import org.opdbus.verticles.dbus.testing.ForeignConnection;

/** Who a caller is, as a real bus says. */
class CallerIdentitiesIT {
    private final AccessBench bench = new AccessBench(AccessBench.SHORT);

    @AfterEach
    void close() {
        bench.close();
    }

    private CallerIdentity identity(String busName) {
        return bench.client.onLoop(() -> bench.identities.identify(busName));
    }

    @Test
    void the_bus_knows_user_groups_and_process() {
        ForeignConnection member = bench.connect(BusUser.MEMBER);
        CallerIdentity identity = identity(member.name());

        assertThat(identity.uid()).isEqualTo(5);
        assertThat(identity.groups()).containsExactlyInAnyOrder(60L, (long) BusUser.USERS);
        assertThat(identity.pid()).isEqualTo(member.pid());
        assertThat(identity(bench.client.name()).isRoot()).isTrue();
    }

    @Test
    void a_caller_is_asked_for_once() {
        String name = bench.connect(BusUser.ORDINARY).name();

        List<Future<CallerIdentity>> asked = bench.client.onLoop(() -> Future.succeededFuture(IntStream.range(0, 100)
                .mapToObj(i -> bench.identities.identify(name))
                .toList()));

        assertThat(asked.stream().distinct()).hasSize(1);
        assertThat(identity(name)).isSameAs(identity(name));
    }

    @Test
    void an_unknown_caller_is_no_one_and_is_not_kept_for_ever() {
        for (int i = 0; i < 300; i++) {
            String name = ":9." + i;
            assertThatThrownBy(() -> identity(name)).hasMessageContaining("no such name");
        }
        assertThat(bench.client.onLoop(() -> Future.succeededFuture(bench.identities.kept())))
                .isEqualTo(256);
    }

    @Test
    void a_name_that_can_change_hands_stands_for_no_caller() {
        bench.client.own("org.example.Service");

        assertThatThrownBy(() -> identity("org.example.Service")).hasMessageContaining("only a unique name");
        assertThatThrownBy(() -> identity("")).hasMessageContaining("only a unique name");
    }
}
