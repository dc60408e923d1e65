// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.ovsdb.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.edges.rows.RowsChange;
import org.opdbus.verticles.edges.rows.StoredRow;

class RowsFoldTest {
    private static final Instant FIRST = Instant.ofEpochSecond(100);
    private static final Instant LATER = Instant.ofEpochSecond(200);
    private static final String ONE = "aaaaaaaa-0000-0000-0000-000000000001";
    private static final String TWO = "bbbbbbbb-0000-0000-0000-000000000002";

    private final RowsFold fold = new RowsFold(List.of("T", "Absent"), FIRST, "not asked");

    @Test
    void every_column_of_the_schema_has_a_value_in_plain_text() {
        listed("{'" + ONE + "':{'initial':{'name':'a','set':['set',[3,1,2]],'one':['set',[7]],"
                + "'map':['map',[['b','2'],['a','1']]],'ref':['uuid','" + TWO + "'],'real':1.5}}}");

        assertThat(text(ONE, "name")).isEqualTo("\"a\"");
        assertThat(text(ONE, "set")).isEqualTo("[1,2,3]");
        assertThat(text(ONE, "one")).isEqualTo("7");
        assertThat(text(ONE, "map")).isEqualTo("{\"a\":\"1\",\"b\":\"2\"}");
        assertThat(text(ONE, "ref")).isEqualTo("\"" + TWO + "\"");
        assertThat(text(ONE, "real")).isEqualTo("1.5");
    }

    @Test
    void a_column_that_the_server_leaves_out_has_its_initial_value() {
        listed("{'" + ONE + "':{'initial':{}}}");

        assertThat(row(ONE).columns().names())
                .containsExactly("enum", "flag", "map", "name", "number", "one", "real", "ref", "set");
        assertThat(List.of("enum", "flag", "map", "name", "number", "one", "real", "ref", "set"))
                .extracting(column -> text(ONE, column))
                .containsExactly("\"\"", "false", "{}", "\"\"", "0", "[]", "0.0", "[]", "[]");
    }

    @Test
    void a_change_gives_the_changed_columns_another_time_and_leaves_the_others_the_same() {
        listed("{'" + ONE + "':{'initial':{'name':'a','set':['set',[1,2]],'map':['map',[['a','1'],['b','2']]]}}}");
        StoredRow before = row(ONE);

        fold.changed(
                json("{'T':{'" + ONE + "':{'modify':{'set':['set',[2,3]],"
                        + "'map':['map',[['a','1'],['b','3'],['c','4']]],'one':5}}}}"),
                LATER);

        assertThat(text(ONE, "set")).isEqualTo("[1,3]");
        assertThat(text(ONE, "map")).isEqualTo("{\"b\":\"3\",\"c\":\"4\"}");
        assertThat(text(ONE, "one")).isEqualTo("5");
        assertThat(row(ONE).changedSince(before))
                .extracting(number -> row(ONE).columns().names().get(number))
                .containsExactly("map", "one", "set");
        assertThat(row(ONE).value("set").orElseThrow().changed()).isEqualTo(LATER);
        assertThat(row(ONE).value("name").orElseThrow().changed()).isEqualTo(FIRST);
        assertThat(row(ONE).changed()).isEqualTo(LATER);
        assertThat(before.value("set").orElseThrow().text()).isEqualTo("[1,2]");
    }

    @Test
    void a_set_loses_and_gains_its_last_element() {
        listed("{'" + ONE + "':{'initial':{'set':4,'one':7}}}");

        fold.changed(json("{'T':{'" + ONE + "':{'modify':{'set':4,'one':['set',[]]}}}}"), LATER);
        assertThat(text(ONE, "set")).isEqualTo("[]");
        assertThat(text(ONE, "one")).isEqualTo("[]");
        fold.changed(json("{'T':{'" + ONE + "':{'modify':{'set':9}}}}"), LATER);
        assertThat(text(ONE, "set")).isEqualTo("9");
    }

    @Test
    void a_name_leads_to_the_row_that_has_it_whatever_the_order_in_a_transaction() {
        listed("{'" + ONE + "':{'initial':{'name':'a'}}}");

        fold.changed(json("{'T':{'" + TWO + "':{'insert':{'name':'a'}},'" + ONE + "':{'delete':null}}}"), LATER);

        assertThat(fold.rows().table("T").named("a").map(StoredRow::uuid)).contains(TWO);
        assertThat(fold.rows().table("T").names()).containsExactly("a");
        fold.changed(json("{'T':{'" + TWO + "':{'modify':{'name':'b'}}}}"), LATER);
        assertThat(fold.rows().table("T").named("a")).isEmpty();
        assertThat(fold.rows().table("T").named("b").map(StoredRow::uuid)).contains(TWO);
    }

    @Test
    void what_is_the_same_after_a_loss_keeps_its_number_and_its_time() {
        listed("{'" + ONE + "':{'initial':{'name':'a'}},'" + TWO + "':{'initial':{'name':'b'}}}");
        StoredRow one = row(ONE);
        int two = row(TWO).serial();

        fold.lost("gone", LATER);
        assertThat(row(ONE)).isSameAs(one);
        assertThat(fold.rows().standing().isConnected()).isFalse();
        begin();
        fold.listed(
                json("{'T':{'" + ONE + "':{'initial':{'name':'a'}},'" + TWO + "':{'initial':{'name':'c'}}}}"), LATER);

        assertThat(row(ONE)).isSameAs(one);
        assertThat(row(TWO).serial()).isEqualTo(two);
        assertThat(row(TWO).value("name").orElseThrow().changed()).isEqualTo(LATER);
        assertThat(fold.rows().standing().isConnected()).isTrue();
        assertThat(fold.rows().table("T").row(two).map(StoredRow::uuid)).contains(TWO);
    }

    @Test
    void a_number_is_never_given_to_a_second_row() {
        listed("{'" + ONE + "':{'initial':{}}}");
        int first = row(ONE).serial();

        fold.changed(json("{'T':{'" + ONE + "':{'delete':null},'" + TWO + "':{'insert':{}}}}"), LATER);
        fold.forget("closed", LATER);
        listed("{'" + ONE + "':{'initial':{}}}");

        assertThat(row(ONE).serial()).isGreaterThan(first + 1);
    }

    @Test
    void equal_short_values_are_one_object() {
        listed("{'" + ONE + "':{'initial':{}},'" + TWO + "':{'initial':{}}}");

        assertThat(row(ONE).value("set").orElseThrow())
                .isSameAs(row(TWO).value("ref").orElseThrow());
    }

    @Test
    void a_reader_gets_what_differs() {
        listed("{'" + ONE + "':{'initial':{'name':'a'}},'" + TWO + "':{'initial':{'name':'b'}}}");
        var before = fold.rows();
        fold.changed(json("{'T':{'" + ONE + "':{'modify':{'number':1}}},'Other':{}}"), LATER);

        List<RowsChange.OfRow> rows = new RowsChange(before, fold.rows()).rows();

        assertThat(rows).hasSize(1);
        assertThat(rows.get(0).table()).isEqualTo("T");
        assertThat(rows.get(0).columns())
                .containsExactly(row(ONE).columns().number("number").orElseThrow());
    }

    @Test
    void a_change_of_an_unknown_row_is_refused() {
        listed("{}");

        assertThatThrownBy(() -> fold.changed(json("{'T':{'" + ONE + "':{'modify':{}}}}"), LATER))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(ONE);
    }

    @Test
    void an_identifier_that_is_none_is_refused() {
        begin();
        assertThatThrownBy(() -> fold.listed(json("{'T':{'../../etc':{'initial':{}}}}"), FIRST))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private void listed(String rows) {
        begin();
        fold.listed(json("{'T':" + rows + "}"), FIRST);
    }

    private void begin() {
        JsonObject requests = fold.begin(json("{'tables':{'T':{'columns':{"
                + "'name':{'type':'string'},'number':{'type':'integer'},'flag':{'type':'boolean'},"
                + "'real':{'type':'real'},'enum':{'type':{'key':{'type':'string','enum':['set',['x']]}}},"
                + "'one':{'type':{'key':'integer','min':0}},"
                + "'ref':{'type':{'key':{'type':'uuid','refTable':'T'},'min':0,'max':1}},"
                + "'set':{'type':{'key':'integer','min':0,'max':'unlimited'}},"
                + "'map':{'type':{'key':'string','value':'string','min':0,'max':'unlimited'}}}},"
                + "'Unwanted':{'columns':{}}}}"));
        assertThat(requests.fieldNames()).containsExactly("T");
    }

    private StoredRow row(String uuid) {
        return fold.rows().table("T").row(uuid).orElseThrow();
    }

    private String text(String uuid, String column) {
        return row(uuid).value(column).orElseThrow().text();
    }

    private static JsonObject json(String text) {
        return new JsonObject(text.replace('\'', '"'));
    }
}
