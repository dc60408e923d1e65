// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.opdbus.verticles.dbus.service.Access;
import org.opdbus.verticles.dbus.service.Caller;
import org.opdbus.verticles.dbus.testing.BusClient;
import org.opdbus.verticles.dbus.testing.BusUser;
import org.opdbus.verticles.dbus.testing.ForeignConnection;
import org.opdbus.verticles.dbus.wire.Body;
import org.opdbus.verticles.dbus.wire.BusConnection;
import org.opdbus.verticles.dbus.wire.BusMessage;
import org.opdbus.verticles.dbus.wire.Variant;

/** What is asked of polkit, and answers that no polkitd of today gives. Another program takes its name for that. */
class PolkitIT {
    private static final String POLKIT = "org.freedesktop.PolicyKit1";

    private final AccessBench bench = new AccessBench(AccessBench.SHORT);
    private final Queue<BusMessage> heard = new ConcurrentLinkedQueue<>();

    @AfterEach
    void close() {
        bench.close();
    }

    /** Starts a program that has polkit's name. */
    private BusClient polkit(Function<BusMessage, @Nullable BusMessage> answer) {
        BusClient made = new BusClient(bench.vertx, bench.bus.socketAddress(), (own, message) -> {
            if (message.kind() == BusMessage.Kind.CALL) {
                heard.add(message);
                BusMessage told = answer.apply(message);
                if (told != null) {
                    own.send(told);
                }
            }
        });
        made.own(POLKIT);
        return made;
    }

    private String verdict(Function<BusMessage, @Nullable BusMessage> answer) {
        BusClient polkit = polkit(answer);
        String verdict = bench.verdict(bench.connect(BusUser.ORDINARY), Access.CHANGE, false);
        polkit.close();
        return verdict;
    }

    @Test
    void polkit_is_asked_about_the_callers_name_on_the_bus() {
        ForeignConnection caller = bench.connect(BusUser.ORDINARY);
        polkit(call -> call.reply(Body.of("(bba{ss})", List.of(List.of(true, false, Map.of())))));

        assertThat(bench.verdict(caller, Access.READ, false)).isEqualTo(AccessBench.ALLOWED);
        assertThat(bench.verdict(caller, Access.CHANGE, true)).isEqualTo(AccessBench.ALLOWED);

        List<Object> subject = List.of("system-bus-name", Map.of("name", Variant.of(caller.name())));
        assertThat(heard.stream().map(call -> call.body().values().subList(0, 4)))
                .containsExactly(
                        List.of(subject, "org.opdbus.query", Map.of(), 0L),
                        List.of(subject, "org.opdbus.apply", Map.of(), 1L));
        assertThat(heard.stream().map(call -> call.body().values().get(4))).doesNotHaveDuplicates();
    }

    @Test
    void only_an_answer_of_the_known_form_allows_anything() {
        assertThat(verdict(call -> call.reply(Body.of("(bba{ss})", List.of(List.of(true, true, Map.of("a", "b")))))))
                .isEqualTo(AccessBench.ALLOWED);
        assertThat(verdict(call -> call.reply(Body.of("bba{ss}", true, true, Map.of()))))
                .contains("polkit cannot decide");
        assertThat(verdict(call -> call.reply(Body.of("(bba{ss})b", List.of(true, true, Map.of()), true))))
                .contains("polkit cannot decide");
        assertThat(verdict(call -> call.reply(Body.of("b", true)))).contains("polkit cannot decide");
        assertThat(verdict(call -> call.reply(Body.EMPTY))).contains("polkit cannot decide");
        assertThat(verdict(call -> call.reply(Body.of("(bba{ss})", List.of(List.of(false, false, Map.of()))))))
                .contains("polkit does not allow it");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "org.freedesktop.PolicyKit1.Error.Failed",
                "org.freedesktop.PolicyKit1.Error.NotAuthorized",
                "org.freedesktop.DBus.Error.UnknownMethod",
                "NoReply.x",
                "a.b"
            })
    void an_error_allows_nothing(String error) {
        assertThat(verdict(call -> call.error(error, "true")))
                .startsWith("AccessDenied: ")
                .contains("polkit cannot decide");
    }

    @Test
    void polkit_is_told_when_the_agent_gives_up() {
        polkit(call -> null);
        CompletableFuture<Caller> asked = bench.ask(bench.connect(BusUser.ORDINARY), Access.CHANGE, true);

        assertThat(AccessBench.verdict(asked)).contains("polkit does not answer");
        eventually(() -> assertThat(heard.stream().map(call -> call.member().orElse("")))
                .containsExactly("CheckAuthorization", "CancelCheckAuthorization"));
        List<BusMessage> calls = List.copyOf(heard);
        assertThat(calls.get(1).body().values())
                .containsExactly(calls.get(0).body().values().get(4));
        assertThat(calls.get(1).has(BusMessage.NO_REPLY_EXPECTED)).isTrue();
    }

    @Test
    void a_polkitd_that_the_bus_cannot_start_allows_nothing() {
        bench.bus.addService(POLKIT, "/bin/false");
        bench.client.call(BusConnection.bus("ReloadConfig"), Body.EMPTY);

        assertThat(bench.verdict(bench.connect(BusUser.AUTHORISED), Access.CHANGE, false))
                .startsWith("AccessDenied: ")
                .contains("polkit is not there");
    }
}
