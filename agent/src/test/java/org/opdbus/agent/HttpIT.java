// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.opdbus.agent.TestCommand.Result;

final class HttpIT {
    private static final Path DASHBOARD = Path.of("..", "deploy", "grafana", "op-dbus.json");
    private static final Path RULES = Path.of("..", "deploy", "prometheus", "op-dbus.rules.yml");
    private static final Path DOCUMENTATION = Path.of("..", "docs", "METRICS.md");
    private static final Pattern METRIC = Pattern.compile("\\b(op_dbus|jvm|process)_[a-z_]+");
    private static final Pattern SELECTOR = Pattern.compile(METRIC + "(\\{[^}]*\\})?");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client = HttpClient.newHttpClient();
    private TestHost scene = new TestHost(Map.of());

    @AfterEach
    void close() {
        scene.close();
    }

    @Test
    void health_readiness_and_metrics_follow_what_happens() throws Exception {
        scene.agent.start();
        assertThat(get("/healthz").statusCode()).isEqualTo(200);
        eventually(() -> {
            HttpResponse<String> notReady = get("/readyz");
            assertThat(notReady.statusCode()).isEqualTo(503);
            assertThat(JSON.readTree(notReady.body()).at("/sources/ovsdb").asText())
                    .startsWith("lost: ");
            assertThat(JSON.readTree(notReady.body()).at("/sources/netlink").asText())
                    .isEqualTo("listed");
        });
        scene.ovs.start();
        scene.ovs.addBridge(TestHost.BRIDGE);
        eventually(() -> assertThat(get("/readyz").statusCode()).isEqualTo(200));

        scene.run("100");
        scene.awaitEnrolled("100", "vi100");
        TestHost.sh("ovs-vsctl", "--db=unix:" + scene.ovs.socket(), "set", "Port", "vi100", "tag=9");
        eventually(() -> assertThat(get("/metrics").body())
                .contains(
                        "op_dbus_containers{state=\"enrolled\"} 1.0",
                        "op_dbus_ports 1.0",
                        "op_dbus_source_listed{source=\"ovsdb\"} 1.0",
                        "op_dbus_drift_total{what=\"retagged\"} 1.0",
                        "op_dbus_step_duration_seconds_count{step=\"total\"} 1",
                        "op_dbus_step_duration_seconds_count{step=\"durable\"} 1",
                        "op_dbus_source_losses_total{source=\"ovsdb\"} 1.0",
                        "op_dbus_source_reconnects_total{source=\"ovsdb\"} 1.0",
                        "op_dbus_ledger_degraded 0.0"));
        // Enrolments of an earlier run count for the next one, too.
        scene.agent.kill();
        scene.agent.start();
        scene.awaitEnrolled("100", "vi100");
        eventually(() -> assertThat(get("/metrics").body())
                .contains("op_dbus_containers{state=\"enrolled\"} 1.0", "op_dbus_ports 1.0"));
        scene.lxc.stop("100");
        eventually(() -> assertThat(get("/metrics").body())
                .contains(
                        "op_dbus_ports 0.0",
                        "op_dbus_step_duration_seconds_count{step=\"leave\"} 1",
                        "op_dbus_source_losses_total{source=\"ovsdb\"} 0.0",
                        "op_dbus_step_duration_seconds_count{step=\"join\"} 0",
                        "op_dbus_retries_total{reason=\"unavailable\"}",
                        "op_dbus_queue_length{queue=\"ledger\"} 0.0",
                        "op_dbus_queue_length{queue=\"netlink\"} 0.0"));

        Exposition metrics = Exposition.of(get("/metrics").body());
        metrics.isWellFormed();
        assertThat(names(Files.readString(DOCUMENTATION))).isNotEmpty().allMatch(metrics::hasFamily);
        // Every metric of ours is documented, too.
        String documentation = Files.readString(DOCUMENTATION);
        assertThat(metrics.names())
                .filteredOn(name -> name.startsWith("op_dbus_"))
                .allMatch(documentation::contains);
        assertThat(selectors(queries(Files.readString(DASHBOARD))))
                .hasSizeGreaterThan(15)
                .allMatch(metrics::hasSeries);
        assertThat(selectors(expressions(Files.readString(RULES))))
                .hasSizeGreaterThan(5)
                .allMatch(metrics::hasSeries);
    }

    @Test
    void only_get_is_answered_and_a_wrong_path_with_the_right_ones() throws Exception {
        scene.agent.start();
        assertThat(get("/").body()).startsWith("<!doctype html>");
        HttpResponse<String> wrong = get("/metrcs");
        assertThat(wrong.statusCode()).isEqualTo(404);
        assertThat(wrong.body()).contains("/metrics", "/ (a page for browsers)");
        HttpRequest post = HttpRequest.newBuilder(uri("/metrics"))
                .POST(HttpRequest.BodyPublishers.ofString("x"))
                .build();
        assertThat(client.send(post, BodyHandlers.ofString()).statusCode()).isEqualTo(405);
    }

    @Test
    void an_address_that_others_can_reach_needs_a_token() throws Exception {
        scene.close();
        Path token = Files.createTempFile("http", ".token");
        scene = new TestHost(Map.of("http", Map.of("listen", "0.0.0.0:8080", "tokenFile", token.toString())));
        Files.writeString(token, "0123456789abcdef0123");
        TestHost.sh("chmod", "644", token.toString());
        Result open = TestCommand.run(scene.agent.config(), "run");
        assertThat(open.status()).isEqualTo(2);
        assertThat(open.err()).contains("is readable by other users than its owner: chmod 600");

        TestHost.sh("chmod", "600", token.toString());
        scene.agent.start();
        HttpResponse<String> refused = get("/healthz");
        assertThat(refused.statusCode()).isEqualTo(401);
        assertThat(refused.headers().firstValue("WWW-Authenticate")).contains("Bearer");
        HttpRequest shown = HttpRequest.newBuilder(uri("/healthz"))
                .header("Authorization", "Bearer 0123456789abcdef0123")
                .build();
        assertThat(client.send(shown, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
        assertThat(scene.agent.logText()).doesNotContain("0123456789abcdef");
    }

    /** Returns the metrics that a text mentions; one that ends in _ is a family in it. */
    private static Set<String> names(String text) {
        return METRIC.matcher(text).results().map(MatchResult::group).collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<String> queries(String dashboard) throws IOException {
        return JSON.readTree(dashboard).findValuesAsText("expr");
    }

    private static List<String> expressions(String rules) {
        return rules.lines()
                .map(String::strip)
                .filter(line -> line.startsWith("expr: "))
                .toList();
    }

    /**
     * Returns the series that expressions of PromQL select, without the conditions on labels that Prometheus adds
     * itself.
     */
    private static List<String> selectors(List<String> expressions) {
        return expressions.stream()
                .flatMap(each -> SELECTOR.matcher(each).results())
                .map(found -> found.group().replaceAll(",?instance=~\"[^\"]*\"", ""))
                .toList();
    }

    private HttpResponse<String> get(String path) {
        try {
            return client.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
        } catch (IOException e) {
            throw new AssertionError(path + ": " + e + "\n" + scene.agent.logText(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static URI uri(String path) {
        return URI.create("http://127.0.0.1:8080" + path);
    }
}
