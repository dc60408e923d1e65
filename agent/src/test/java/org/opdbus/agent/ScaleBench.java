// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.agent.TestHost.sh;
import static org.opdbus.verticles.testing.Eventually.eventually;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.opdbus.verticles.testing.LxcContainers.Definition;

/**
 * What the agent's answers and its start take with many running containers, and twice as many ports, and then with a tenth
 * of both. The two are measured one after the other, because it takes minutes to get from one to the other.
 */
final class ScaleBench {
    private static final int CONTAINERS = 1_000;
    private static final int CONTAINERS_QUICK = 20;
    private static final int AT_ONCE = 50;
    private static final int FIRST_ID = 3_000;
    private static final String PORTS = "vi3\\d{3}";
    private static final long START_LIMIT_S = 600;
    private static final long SPARE_KIB = 1_500_000;
    /** For a second the agent answers every scrape with the same text. */
    private static final long METRICS_SHARED_MS = 1_100;

    private final BenchHost host;
    private final SwitchWatch ports;
    private final StrangerPorts strangers;
    private final HttpClient client = HttpClient.newHttpClient();
    private final List<String> running = new ArrayList<>();

    ScaleBench(BenchHost host, SwitchWatch ports) {
        this.host = host;
        this.ports = ports;
        strangers = new StrangerPorts(host, ports);
    }

    void run() throws IOException, InterruptedException {
        int wanted = host.quick ? CONTAINERS_QUICK : CONTAINERS;
        grow(wanted);
        int many = running.size();
        int few = many / 10;
        if (many < wanted) {
            host.alone("containers that this machine could run in time, of " + wanted, many);
        }
        Map<String, List<Double>> large = measure();
        shrink(few);
        Map<String, List<Double>> small = measure();
        shrink(0);
        large.forEach((what, times) -> {
            Figure figure = host.figure(what + ", " + size(many), size(few), "≤ 10");
            for (int i = 0; i < times.size(); i++) {
                figure.add(times.get(i), small.getOrDefault(what, List.of()).get(i));
            }
        });
    }

    private static String size(int containers) {
        return String.format(Locale.ROOT, "%,d containers and %,d ports", containers, 2 * containers);
    }

    /** Starts containers until there are so many, or time or memory are used up. */
    private void grow(int wanted) throws IOException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_LIMIT_S);
        while (running.size() < wanted && System.nanoTime() < until && availableKib() > SPARE_KIB) {
            int from = FIRST_ID + running.size();
            List<String> next = IntStream.range(from, from + Math.min(AT_ONCE, wanted - running.size()))
                    .mapToObj(Integer::toString)
                    .toList();
            next.forEach(id -> host.scene.lxc.create(Definition.of(id)));
            running.addAll(next);
            host.scene.lxc.startAll(next);
            ports.awaitLive(PORTS, running.size());
            BenchHost.say("%,d containers run, %,d MB available", running.size(), availableKib() / 1024);
        }
        strangers.set(running.size());
    }

    private void shrink(int wanted) {
        strangers.set(wanted);
        List<String> ended = List.copyOf(running.subList(wanted, running.size()));
        host.scene.lxc.stopAll(ended);
        ended.forEach(host.scene.lxc::destroy);
        running.removeAll(ended);
        ended.forEach(id -> ports.awaitGone("vi" + id));
    }

    private static long availableKib() throws IOException {
        return Files.readAllLines(Path.of("/proc/meminfo")).stream()
                .filter(line -> line.startsWith("MemAvailable:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                .findFirst()
                .orElseThrow();
    }

    /** What is measured; it returns the answer. */
    private interface Question {
        String ask() throws IOException, InterruptedException;
    }

    private Map<String, List<Double>> measure() throws IOException, InterruptedException {
        Map<String, List<Double>> times = new LinkedHashMap<>();
        times.put("restart until READY", restarts());
        awaitEnrolled();
        // An answer that lacks the last container would be quick for nothing.
        String last = "vi" + running.get(running.size() - 1);
        times.put("`op-dbus query`", repeated(this::command, last));
        times.put("the same answer on the control socket", repeated(this::answer, last));
        times.put("`ovsdb-client dump` of the NonNet database", repeated(this::dump, last));
        times.put(
                "a scrape of `/metrics`",
                repeated(this::scrape, "op_dbus_containers{state=\"enrolled\"} " + running.size() + ".0"));
        return times;
    }

    private List<Double> restarts() {
        List<Double> times = new ArrayList<>();
        for (int i = 0; i < host.rounds(5); i++) {
            host.scene.agent.stop();
            long start = System.nanoTime();
            host.scene.agent.startProgram(BenchHost.ON_THIS_JAVA, host.program);
            times.add(BenchHost.millis(System.nanoTime() - start));
        }
        show("restarts", times);
        return times;
    }

    private void awaitEnrolled() {
        eventually(() -> {
            int enrolled = 0;
            for (var container : host.scene.agent.ask("query", "lxc").path("containers")) {
                enrolled += container.path("state").asText().equals("enrolled") ? 1 : 0;
            }
            assertThat(enrolled).isEqualTo(running.size());
        });
    }

    private List<Double> repeated(Question question, String expected) throws IOException, InterruptedException {
        List<Double> times = new ArrayList<>();
        for (int i = -host.warmUps(); i < host.rounds(15); i++) {
            TimeUnit.MILLISECONDS.sleep(METRICS_SHARED_MS);
            host.rest();
            long start = System.nanoTime();
            String answer = question.ask();
            double took = BenchHost.millis(System.nanoTime() - start);
            assertThat(answer).contains(expected);
            if (i >= 0) {
                times.add(took);
            }
        }
        show("answers with " + expected, times);
        return times;
    }

    /** Shows what was measured at once, because an interrupted run would show nothing otherwise. */
    private static void show(String what, List<Double> times) {
        BenchHost.say("    %s: median %,.1f ms of %d", what, Figure.median(times), times.size());
    }

    private String command() {
        List<String> words = new ArrayList<>(BenchHost.ON_THIS_JAVA);
        words.addAll(List.of(
                host.program.toString(), "--config", host.scene.agent.config().toString(), "query", "--plugin", "lxc"));
        return sh(words.toArray(String[]::new));
    }

    private String answer() {
        try (JsonConnection connection = new JsonConnection(host.scene.agent.controlSocket())) {
            return connection.ask("{\"id\":1,\"method\":\"query\",\"params\":[\"lxc\"]}");
        }
    }

    private String dump() {
        Path socket = host.scene.agent.controlSocket().resolveSibling("nonnet.db.sock");
        return sh("ovsdb-client", "dump", "unix:" + socket, "OpNonNet");
    }

    private String scrape() throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + BenchHost.HTTP + "/metrics"))
                .build();
        return client.send(request, BodyHandlers.ofString()).body();
    }
}
