// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.growth;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The figures of an agent's process, from the kernel (proc(5)) and from its Java, and what passes its link. */
final class AgentGauge {
    private static final Pattern USED = Pattern.compile("used (\\d+)K");
    private static final int THREADS_SHOWN = 4;

    private final long pid;
    private final WireCounter wire;

    AgentGauge(long pid, WireCounter wire) {
        this.pid = pid;
        this.wire = wire;
    }

    /**
     * What has passed so far.
     *
     * @param wire bytes to and from the agent
     * @param processorMs of the agent
     * @param threadMs of each of its threads, by name
     */
    record Sample(long nanos, WireCounter.Bytes wire, long processorMs, Map<String, Long> threadMs) {
        double secondsTo(Sample later) {
            return (later.nanos - nanos) / 1e9;
        }

        /** Returns the names of the busiest threads until a later sample, with percents of a processor. */
        String threadsTo(Sample later) {
            Map<String, Double> percents = new TreeMap<>();
            later.threadMs.forEach(
                    (name, ms) -> percents.put(name, (ms - threadMs.getOrDefault(name, 0L)) / secondsTo(later) / 10));
            return percents.entrySet().stream()
                    .sorted(Comparator.comparingDouble((Map.Entry<String, Double> each) -> -each.getValue()))
                    .limit(THREADS_SHOWN)
                    .map(each -> String.format(Locale.ROOT, "%s %.1f %%", each.getKey(), each.getValue()))
                    .collect(Collectors.joining(", "));
        }
    }

    Sample sample() throws IOException {
        Map<String, Long> threads = new TreeMap<>();
        try (Stream<Path> tasks = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
            for (Path task : tasks.toList()) {
                try {
                    threads.merge(
                            Files.readString(task.resolve("comm")).strip(),
                            processorMs(task.resolve("stat")),
                            Long::sum);
                } catch (IOException ended) {
                    // Its time counts with the process.
                }
            }
        }
        return new Sample(
                System.nanoTime(), wire.read(), processorMs(Path.of("/proc", Long.toString(pid), "stat")), threads);
    }

    private static long processorMs(Path stat) throws IOException {
        String text = Files.readString(stat);
        String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ", -1);
        // utime and stime in ticks; Linux reports a hundred a second.
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * 10;
    }

    /** Returns its resident memory. */
    double residentMib() throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status")).stream()
                        .filter(line -> line.startsWith("VmRSS:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                        .findFirst()
                        .orElseThrow()
                / 1024.0;
    }

    /** Collects its heap and returns what is live then. */
    double liveHeapMib() throws IOException, InterruptedException {
        jcmd("GC.run");
        Matcher used = USED.matcher(jcmd("GC.heap_info"));
        long kib = 0;
        // The young and the old generation come first; metaspace, which is not heap, comes last.
        for (int i = 0; i < 2 && used.find(); i++) {
            kib += Long.parseLong(used.group(1));
        }
        return kib / 1024.0;
    }

    private String jcmd(String command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), Long.toString(pid), command)
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("jcmd " + command + ": " + said);
        }
        return said;
    }
}
