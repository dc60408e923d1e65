// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.dbus.access.AccessBench.ALLOWED;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.dbus.service.Access;
import org.opdbus.verticles.dbus.service.Caller;
import org.opdbus.verticles.dbus.testing.BusUser;
import org.opdbus.verticles.dbus.testing.ForeignConnection;
import org.opdbus.verticles.dbus.testing.PolkitDaemon;

/** Who may do what, with a real bus, a real polkitd and programs of several users. */
class PolicyRightsIT {
    private static final String NEEDS_PERSON = "InteractiveAuthorizationRequired";
    private static final String DENIED = "AccessDenied";

    private final AccessBench bench = new AccessBench(AccessBench.SHORT);

    @AfterEach
    void close() {
        bench.close();
    }

    private Map<String, List<String>> table(boolean interactive) {
        Map<String, BusUser> users = new LinkedHashMap<>();
        users.put("root", BusUser.ROOT);
        users.put("member", BusUser.MEMBER);
        users.put("primary member", BusUser.PRIMARY_MEMBER);
        users.put("authorised", BusUser.AUTHORISED);
        users.put("ordinary", BusUser.ORDINARY);
        Map<String, List<String>> table = new LinkedHashMap<>();
        users.forEach((name, user) -> {
            ForeignConnection caller = bench.connect(user);
            table.put(
                    name,
                    List.of(Access.values()).stream()
                            .map(access ->
                                    bench.verdict(caller, access, interactive).split(":", 2)[0])
                            .toList());
        });
        return table;
    }

    @Test
    void every_caller_has_the_rights_of_its_kind_where_polkit_answers() {
        bench.startPolkit();

        // OPEN, READ, CHANGE, ROOT
        assertThat(table(false))
                .containsEntry("root", List.of(ALLOWED, ALLOWED, ALLOWED, ALLOWED))
                .containsEntry("member", List.of(ALLOWED, ALLOWED, NEEDS_PERSON, DENIED))
                .containsEntry("primary member", List.of(ALLOWED, ALLOWED, NEEDS_PERSON, DENIED))
                .containsEntry("authorised", List.of(ALLOWED, ALLOWED, ALLOWED, DENIED))
                .containsEntry("ordinary", List.of(ALLOWED, NEEDS_PERSON, NEEDS_PERSON, DENIED))
                .hasSize(5);
        // No program of these users can ask for a password.
        assertThat(table(true))
                .containsEntry("root", List.of(ALLOWED, ALLOWED, ALLOWED, ALLOWED))
                .containsEntry("member", List.of(ALLOWED, ALLOWED, DENIED, DENIED))
                .containsEntry("primary member", List.of(ALLOWED, ALLOWED, DENIED, DENIED))
                .containsEntry("authorised", List.of(ALLOWED, ALLOWED, ALLOWED, DENIED))
                .containsEntry("ordinary", List.of(ALLOWED, DENIED, DENIED, DENIED))
                .hasSize(5);
    }

    @Test
    void without_polkit_only_root_may_change_and_only_the_group_may_read() {
        assertThat(table(false))
                .containsEntry("root", List.of(ALLOWED, ALLOWED, ALLOWED, ALLOWED))
                .containsEntry("member", List.of(ALLOWED, ALLOWED, DENIED, DENIED))
                .containsEntry("primary member", List.of(ALLOWED, ALLOWED, DENIED, DENIED))
                .containsEntry("authorised", List.of(ALLOWED, DENIED, DENIED, DENIED))
                .containsEntry("ordinary", List.of(ALLOWED, DENIED, DENIED, DENIED))
                .hasSize(5);

        assertThat(bench.verdict(bench.connect(BusUser.ORDINARY), Access.READ, false))
                .isEqualTo(
                        "AccessDenied: org.opdbus.Test1.READ needs root, a member of the group users, or polkit's action"
                                + " org.opdbus.query, and polkit is not there (is polkitd installed, and does it start?)");
    }

    @Test
    void a_polkitd_that_is_killed_in_mid_question_allows_nothing() {
        ForeignConnection authorised = bench.connect(BusUser.AUTHORISED);
        PolkitDaemon polkit = bench.startPolkit();
        assertThat(bench.verdict(authorised, Access.CHANGE, false)).isEqualTo(ALLOWED);
        polkit.pause();
        CompletableFuture<Caller> asked = bench.ask(authorised, Access.CHANGE, true);
        eventually(() -> assertThat(bench.waiting()).isEqualTo(1));
        polkit.close();

        assertThat(AccessBench.verdict(asked))
                .isEqualTo("AccessDenied: org.opdbus.Test1.CHANGE needs root, or polkit's action org.opdbus.apply, and"
                        + " polkit does not answer (does polkitd run?)");
        assertThat(bench.waiting()).isZero();
        assertThat(bench.verdict(authorised, Access.CHANGE, false)).startsWith(DENIED);

        bench.startPolkit();
        assertThat(bench.verdict(authorised, Access.CHANGE, false)).isEqualTo(ALLOWED);
    }

    @Test
    void a_polkitd_that_hangs_holds_up_only_those_who_need_it_and_for_a_limited_time() {
        ForeignConnection authorised = bench.connect(BusUser.AUTHORISED);
        PolkitDaemon polkit = bench.startPolkit();
        polkit.pause();
        List<CompletableFuture<Caller>> asked = IntStream.range(0, 40)
                .mapToObj(i -> bench.ask(authorised, Access.READ, i % 2 == 0))
                .toList();
        // 16 questions, and 4 that may show a dialog.
        assertThat(bench.waiting()).isLessThanOrEqualTo(20);
        assertThat(bench.verdict(bench.connect(BusUser.MEMBER), Access.READ, false))
                .isEqualTo(ALLOWED);
        assertThat(bench.verdict(bench.connect(BusUser.ROOT), Access.CHANGE, false))
                .isEqualTo(ALLOWED);

        assertThat(asked.stream().map(AccessBench::verdict))
                .allMatch(verdict -> verdict.startsWith("AccessDenied: ") || verdict.startsWith("LimitsExceeded: "))
                .anyMatch(verdict -> verdict.contains("polkit does not answer"))
                .anyMatch(verdict -> verdict.contains("too many calls wait for polkit"));
        assertThat(bench.waiting()).isZero();

        polkit.resume();
        assertThat(bench.verdict(authorised, Access.READ, false)).isEqualTo(ALLOWED);
    }

    @Test
    void a_caller_that_has_left_is_refused() {
        ForeignConnection gone = bench.connect(BusUser.ROOT);
        gone.close();
        eventually(() -> assertThat(bench.client.onLoop(() -> bench.identities.isThere(gone.name())))
                .isFalse());

        assertThat(bench.verdict(gone, Access.READ, false))
                .isEqualTo(
                        "AccessDenied: org.opdbus.Test1.READ needs root, a member of the group users, or polkit's action"
                                + " org.opdbus.query, and the bus does not say who calls");
    }

    @Test
    void a_caller_that_only_looks_around_is_not_counted_as_refused() {
        ForeignConnection member = bench.connect(BusUser.MEMBER);
        ForeignConnection ordinary = bench.connect(BusUser.ORDINARY);

        assertThat(bench.mayRead(member.name())).isTrue();
        assertThat(bench.mayRead(ordinary.name())).isFalse();
        assertThat(bench.mayRead(":9.9")).isFalse();
        assertThat(bench.deniedCalls.count()).isZero();
        assertThat(bench.verdict(ordinary, Access.READ, false)).startsWith(DENIED);
        assertThat(bench.deniedCalls.count()).isEqualTo(1);
    }
}
