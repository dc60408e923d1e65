// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.ovsdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.jsonrpc.OvsdbValue;
import org.opdbus.verticles.ovsdb.OvsdbException.Reason;

class CoalescerTest {
    private final Deque<Call> calls = new ArrayDeque<>();
    private final Coalescer coalescer = new Coalescer(this::transact);

    /** A transaction that the database has not answered yet. */
    private record Call(JsonArray params, Promise<JsonArray> answer) {
        List<String> names() {
            return operations().stream()
                    .filter(it -> it.getString("op").equals("insert")
                            && it.getString("table").equals("Port"))
                    .map(it -> it.getJsonObject("row").getString("name"))
                    .toList();
        }

        List<JsonObject> operations() {
            return params.stream()
                    .filter(JsonObject.class::isInstance)
                    .map(JsonObject.class::cast)
                    .toList();
        }

        /** Answers as ovsdb-server does, with an identifier of each row that tells its name. */
        void succeed() {
            JsonArray results = new JsonArray();
            operations()
                    .forEach(it -> results.add(
                            it.getString("op").equals("insert")
                                    ? new JsonObject()
                                            .put(
                                                    "uuid",
                                                    OvsdbValue.uuid(it.getString("table") + " "
                                                            + it.getJsonObject("row")
                                                                    .getString("name")))
                                    : new JsonObject()));
            answer.complete(results);
        }

        void fail(Reason reason) {
            answer.fail(new OvsdbException(reason, "no"));
        }
    }

    private Future<JsonArray> transact(Transaction transaction) {
        Call call = new Call(transaction.params(), Promise.promise());
        calls.add(call);
        return call.answer.future();
    }

    private List<Future<String>> attach(int from, int to) {
        List<Future<String>> outcomes = new ArrayList<>();
        for (int i = from; i < to; i++) {
            outcomes.add(coalescer.carryOut(PortChanges.attach(
                    new PortRequest("v" + i, "br0", OvsLab.OURS, Map.of(), Optional.empty(), Set.of()))));
        }
        return outcomes;
    }

    private static Reason reasonOf(Future<String> outcome) {
        return ((OvsdbException) outcome.cause()).reason();
    }

    @Test
    void changes_do_not_wait_while_the_database_keeps_up() {
        for (int i = 0; i < 5; i++) {
            Future<String> outcome = attach(i, i + 1).get(0);
            assertThat(calls).singleElement().extracting(Call::names).isEqualTo(List.of("v" + i));
            calls.remove().succeed();
            assertThat(outcome.result()).isEqualTo("Port v" + i);
        }
    }

    @Test
    void those_that_come_while_it_is_busy_go_together_in_order() {
        List<Future<String>> outcomes = attach(0, 100);
        assertThat(calls).extracting(Call::names).containsExactly(List.of("v0"), List.of("v1"));

        calls.remove().succeed();
        calls.remove().succeed();
        assertThat(calls).extracting(call -> call.names().size()).containsExactly(64, 34);
        assertThat(outcomes.get(2).isComplete()).isFalse();
        Set<String> rowNames = new HashSet<>();
        Call together = calls.remove();
        together.operations().stream()
                .filter(it -> it.containsKey("uuid-name"))
                .forEach(it ->
                        assertThat(rowNames.add(it.getString("uuid-name"))).isTrue());
        together.succeed();
        calls.remove().succeed();

        assertThat(calls).isEmpty();
        for (int i = 0; i < 100; i++) {
            assertThat(outcomes.get(i).result()).isEqualTo("Port v" + i);
        }
    }

    @Test
    void a_stamp_goes_with_them() {
        attach(0, 2);
        List<Future<String>> outcomes = attach(2, 3);
        Future<String> stamped = coalescer.carryOut(PortChanges.stamp("row", OvsLab.OURS));
        calls.remove().succeed();
        calls.remove();
        calls.remove().succeed();
        assertThat(outcomes.get(0).result()).isEqualTo("Port v2");
        assertThat(stamped.result()).isEqualTo("row");
    }

    @Test
    void one_that_is_refused_is_so_alone() {
        List<Future<String>> outcomes = attach(0, 6);
        calls.remove().succeed();
        calls.remove();
        Call together = calls.remove();
        assertThat(together.names()).containsExactly("v2", "v3", "v4", "v5");

        together.fail(Reason.NAME_TAKEN);
        assertThat(calls)
                .extracting(Call::names)
                .containsExactly(List.of("v2"), List.of("v3"), List.of("v4"), List.of("v5"));
        for (Call alone : List.copyOf(calls)) {
            if (alone.names().contains("v3")) {
                alone.fail(Reason.NAME_TAKEN);
            } else {
                alone.succeed();
            }
        }
        assertThat(reasonOf(outcomes.get(3))).isEqualTo(Reason.NAME_TAKEN);
        assertThat(List.of(outcomes.get(2), outcomes.get(4), outcomes.get(5))).allMatch(Future::succeeded);
        calls.clear();
        attach(6, 7);
        assertThat(calls).as("the turn of the refused is over").hasSize(1);
    }

    @Test
    void what_may_have_been_done_is_not_tried_again() {
        for (Reason reason : List.of(Reason.UNKNOWN, Reason.UNAVAILABLE)) {
            List<Future<String>> outcomes = attach(0, 10);
            calls.remove().succeed();
            calls.remove().succeed();
            calls.remove().fail(reason);
            assertThat(calls).isEmpty();
            assertThat(outcomes.subList(2, 10)).allMatch(outcome -> reasonOf(outcome) == reason);
        }
    }

    @Test
    void not_more_wait_than_there_is_room_for() {
        List<Future<String>> outcomes = attach(0, 1_003);
        assertThat(outcomes.subList(0, 1_002)).noneMatch(Future::isComplete);
        assertThat(reasonOf(outcomes.get(1_002))).isEqualTo(Reason.UNAVAILABLE);
        while (!calls.isEmpty()) {
            calls.remove().succeed();
        }
        assertThat(outcomes.subList(0, 1_002)).allMatch(Future::succeeded);
    }
}
