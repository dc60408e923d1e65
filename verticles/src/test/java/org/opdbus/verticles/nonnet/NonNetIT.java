// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.nonnet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.opdbus.events.ContainerId;
import org.opdbus.events.EnrollmentEvent.ContainerLeft;
import org.opdbus.events.LedgerEvent.EntryCommitted;

/** The stock ovsdb-client, and nc as the seed shows it, against the served database. */
class NonNetIT {
    private final NonNetLab lab = new NonNetLab();

    @BeforeEach
    void start() {
        lab.start().oneContainer();
    }

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void the_database_is_listed() {
        assertThat(lab.client("list-dbs", lab.remote())).isEqualTo("OpNonNet\n");
    }

    @Test
    void the_schema_is_one_that_ovsdb_tools_take() {
        JsonObject schema = new JsonObject(lab.client("get-schema", lab.remote(), "OpNonNet"));

        assertThat(schema.getString("name")).isEqualTo("OpNonNet");
        assertThat(lab.client("get-schema-version", lab.remote())).isEqualTo("1.3.0\n");
        assertThat(lab.client("get-schema-cksum", lab.remote())).isEqualTo(schema.getString("cksum") + "\n");
        assertThat(lab.client("list-tables", lab.remote()))
                .contains(
                        "lxc",
                        "link",
                        "port",
                        "bridge",
                        "enrollment",
                        "host",
                        "lab",
                        "lan",
                        "endpoint",
                        "docker",
                        "vm");
        assertThat(lab.client("--format=csv", "list-columns", lab.remote(), "OpNonNet", "lxc"))
                .contains("veth,\"\"\"string\"\"\"", "running,\"\"\"boolean\"\"\"", "properties,");
    }

    @Test
    void a_database_can_be_made_from_the_schema() throws IOException {
        Path schema = lab.dir.resolve("nonnet.ovsschema");
        Files.writeString(schema, lab.client("get-schema", lab.remote()));
        lab.run(List.of("ovsdb-tool", "create", lab.dir.resolve("copy.db").toString(), schema.toString()));
        assertThat(lab.run(List.of(
                        "ovsdb-tool", "db-name", lab.dir.resolve("copy.db").toString())))
                .isEqualTo("OpNonNet\n");
    }

    @Test
    void everything_is_dumped() {
        String dump = lab.client("--format=csv", "--data=bare", "dump", lab.remote());

        assertThat(dump)
                .contains("lxc table", "link table", "port table", "bridge table", "enrollment table", "host table")
                .contains("vi100", "ipv4=192.168.1.100/24", "op-dbus:owner=here", "alt7", "5 7", "lxc=awaited");
    }

    @Test
    void containers_of_engines_and_machines_are_dumped_and_their_changes_are_followed() {
        lab.containers(NonNetLab.container("100", true), NonNetLab.engine("3f2ab1c9d0e1", "web", "nginx:1"));
        Path seen = lab.begin(
                "ovsdb-client", "--format=json", "monitor", lab.remote(), "OpNonNet", "docker", "engine,name,running");
        eventually(
                () -> assertThat(lines(seen)).anyMatch(line -> line.contains("initial") && line.contains("\"web\"")));
        lab.containers(
                NonNetLab.container("100", true),
                NonNetLab.engine("3f2ab1c9d0e1", "shop", "nginx:1"),
                NonNetLab.machine("101", "mail"));
        eventually(() -> assertThat(lines(seen)).anyMatch(line -> line.contains("\"new\",\"docker\",\"shop\"")));
        assertThat(lab.client(
                        "--format=csv", "--data=bare", "dump", lab.remote(), "OpNonNet", "vm", "id", "name", "taps"))
                .contains("vm:101,mail,tap101i0 tap101i1");
        assertThat(lab.client("--format=csv", "--data=bare", "dump", lab.remote(), "OpNonNet", "lxc", "id"))
                .contains("100")
                .doesNotContain("docker", "vm");
        lab.containers(NonNetLab.container("100", true));
        eventually(() -> assertThat(lines(seen)).anyMatch(line -> line.contains("delete") && line.contains("shop")));
    }

    @Test
    void a_lab_is_dumped_and_its_changes_are_followed() {
        lab.labs.onNext(List.of(NonNetLab.lab("other")));
        Path seen = lab.begin(
                "ovsdb-client", "--format=json", "monitor", lab.remote(), "OpNonNet", "endpoint", "lab,name,state,lan");
        eventually(() -> assertThat(lines(seen)).anyMatch(line -> line.contains("initial")));
        lab.labs.onNext(List.of(NonNetLab.lab("net"), NonNetLab.lab("other")));
        eventually(() -> assertThat(lines(seen))
                .anyMatch(line ->
                        line.contains("insert") && line.contains("\"net\"") && line.contains("\"_k_2_0\",\"ended\"")));
        assertThat(lab.client("--format=csv", "--data=bare", "dump", lab.remote(), "OpNonNet", "lab"))
                .contains("2,net,cloonix_net,true,false,b=it ended by itself");
        assertThat(lab.client(
                        "--format=csv",
                        "--data=bare",
                        "dump",
                        lab.remote(),
                        "OpNonNet",
                        "lan",
                        "lab",
                        "bridge",
                        "spied"))
                .contains("_b_lan01,net,1", "_b_lan01,other,1");

        lab.labs.onNext(List.of(NonNetLab.lab("other")));
        eventually(() -> assertThat(lines(seen))
                .anyMatch(line -> line.contains("delete") && line.contains("\"net\",\"_k_1_0\"")));
        assertThat(lab.client("dump", lab.remote(), "OpNonNet", "lab")).doesNotContain("cloonix_net");
    }

    @Test
    void a_query_selects_by_condition_and_column() {
        String rows = lab.client("query", lab.remote(), """
                ["OpNonNet",
                 {"op":"select","table":"port","where":[["trunks","includes",["set",[5]]],["ofport",">=",11]],
                  "columns":["name","tag","trunks"]},
                 {"op":"select","table":"lxc","where":[["running","==",false]]}]""");

        assertThat(new JsonArray(rows)).isEqualTo(new JsonArray("""
                        [{"rows":[{"name":"vi100","tag":42,"trunks":["set",[5,7]]}]},{"rows":[]}]"""));
    }

    @Test
    void a_transaction_that_would_write_is_refused_and_changes_nothing() {
        String results = lab.client("transact", lab.remote(), """
                ["OpNonNet",
                 {"op":"select","table":"lxc","where":[],"columns":["id"]},
                 {"op":"delete","table":"lxc","where":[]},
                 {"op":"select","table":"lxc","where":[]}]""");

        assertThat(new JsonArray(results)).isEqualTo(new JsonArray("""
                        [{"rows":[{"id":"100"}]},{"error":"not allowed","details":"read-only database"},null]"""));
        assertThat(lab.client("dump", lab.remote(), "OpNonNet", "lxc")).contains("vi100");
    }

    @Test
    void the_nested_form_is_understood_too() {
        String rows = lab.client("query", lab.remote(), """
                ["OpNonNet",[{"op":"select","table":"lxc","where":[],"columns":["id","running"]}]]""");
        assertThat(new JsonArray(rows)).isEqualTo(new JsonArray("""
                [{"rows":[{"id":"100","running":true}]}]"""));
    }

    @Test
    void nc_gets_an_answer_to_the_documented_command() {
        String output = lab.run(List.of("sh", "-c", """
                echo '{"method":"transact","params":["OpNonNet",[{"op":"select","table":"lxc","where":[]}]],"id":1}' | \
                nc -U "$1" | head -n 1
                """, "sh", lab.socket.toString()));

        JsonObject answer = new JsonObject(output);
        JsonObject row = answer.getJsonArray("result")
                .getJsonObject(0)
                .getJsonArray("rows")
                .getJsonObject(0);
        assertThat(answer.getInteger("id")).isEqualTo(1);
        assertThat(answer.getValue("error")).isNull();
        assertThat(row.getString("id")).isEqualTo("100");
        assertThat(row.getString("veth")).isEqualTo("vi100");
        assertThat(row.getString("bridge")).isEqualTo("vmbr0");
        assertThat(row.getBoolean("running")).isTrue();
        assertThat(row.getJsonArray("properties").getString(0)).isEqualTo("map");
    }

    @Test
    void a_client_that_ends_its_side_at_once_gets_its_answer() {
        String output = lab.run(List.of("sh", "-c", """
                echo '{"method":"list_dbs","params":[],"id":"x"}' | nc -N -U "$1"
                """, "sh", lab.socket.toString()));
        assertThat(new JsonObject(output).getJsonArray("result")).isEqualTo(JsonArray.of("OpNonNet"));
    }

    @Test
    void a_monitor_shows_a_stop_and_nothing_else() {
        Path seen = lab.begin(
                "ovsdb-client", "--format=json", "monitor", lab.remote(), "OpNonNet", "lxc", "id,running,state");
        eventually(() -> assertThat(lines(seen)).anyMatch(line -> line.contains("initial")));

        lab.containers(NonNetLab.container("100", false));
        long stopped = System.nanoTime();
        lab.containerStopped("100");
        eventually(() -> assertThat(lines(seen)).anyMatch(line -> line.contains("stopped")));
        Duration taken = Duration.ofNanos(System.nanoTime() - stopped);

        assertThat(lines(seen)).filteredOn(line -> line.contains("\"stopped\"")).hasSize(1);
        assertThat(lines(seen)).filteredOn(line -> line.contains("\"old\"")).hasSize(1);
        System.err.println("a stop was shown after " + taken.toMillis() + " ms");
    }

    @Test
    void a_conditional_monitor_shows_what_comes_into_its_condition_and_leaves_it() {
        lab.containers(NonNetLab.container("102", false));
        Path seen = lab.begin(
                "ovsdb-client",
                "--format=json",
                "monitor-cond",
                lab.remote(),
                "OpNonNet",
                "[[\"running\",\"==\",false]]",
                "lxc",
                "id,running");
        eventually(() -> assertThat(lines(seen)).anyMatch(line -> line.contains("initial") && line.contains("102")));

        lab.containers(NonNetLab.container("100", false), NonNetLab.container("101", true));
        lab.containerStopped("100");
        eventually(() -> assertThat(lines(seen)).anyMatch(line -> line.contains("insert") && line.contains("100")));
        lab.containers(NonNetLab.container("100", true), NonNetLab.container("101", true));
        lab.containerStarted("100");
        eventually(() -> assertThat(lines(seen)).anyMatch(line -> line.contains("delete") && line.contains("100")));

        assertThat(lines(seen)).noneMatch(line -> line.contains("101"));
    }

    @Test
    void every_table_can_be_monitored_and_tells_each_change_once() {
        Path seen = lab.begin("ovsdb-client", "--format=json", "monitor", lab.remote(), "OpNonNet", "ALL");
        eventually(() -> assertThat(lines(seen)).anyMatch(line -> line.contains("vmbr0") && line.contains("netdev")));

        lab.bus.publish(new EntryCommitted(5, "abcd", NonNetLab.enrolled("100", "e-1")));
        lab.bus.publish(new ContainerLeft(new ContainerId("100"), "e-1", "vi100", "vmbr0", "it stopped", false));

        eventually(() -> assertThat(lines(seen)).anyMatch(line -> line.contains("delete") && line.contains("e-1")));
        assertThat(lines(seen)).filteredOn(line -> line.contains("\"abcd\"")).hasSize(1);
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
