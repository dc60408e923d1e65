// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.hawkular.agent.prometheus.text.TextPrometheusMetricDataParser;
import org.hawkular.agent.prometheus.types.Histogram;
import org.hawkular.agent.prometheus.types.Metric;
import org.hawkular.agent.prometheus.types.MetricFamily;
import org.hawkular.agent.prometheus.types.MetricType;
import org.hawkular.agent.prometheus.types.Summary;

/** Parses metrics in Prometheus' text format with an independent parser. */
final class Exposition {
    /** What Prometheus appends to a family's name for the series of a histogram or a summary. */
    private static final Pattern PART = Pattern.compile("_(bucket|sum|count|max)$");

    private static final Pattern LABEL = Pattern.compile("([a-z]+)=\"([^\"]*)\"");

    private final String text;
    private final List<MetricFamily> families;

    private Exposition(String text, List<MetricFamily> families) {
        this.text = text;
        this.families = families;
    }

    static Exposition of(String text) throws IOException {
        TextPrometheusMetricDataParser parser =
                new TextPrometheusMetricDataParser(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
        List<MetricFamily> families = new ArrayList<>();
        for (MetricFamily family = parser.parse(); family != null; family = parser.parse()) {
            families.add(family);
        }
        return new Exposition(text, families);
    }

    /** The parser ignores what it does not understand, so the test checks that it understood every line. */
    void isWellFormed() {
        List<String> declared = text.lines()
                .filter(line -> line.startsWith("# TYPE "))
                .map(line -> line.split(" ", -1)[2])
                .toList();
        assertThat(declared).doesNotHaveDuplicates();
        assertThat(families).extracting(MetricFamily::getName).containsExactlyElementsOf(declared);
        assertThat(families).allSatisfy(family -> {
            assertThat(family.getHelp()).as(family.getName()).isNotBlank();
            assertThat(family.getMetrics()).as(family.getName()).isNotEmpty();
            if (family.getType() == MetricType.COUNTER) {
                assertThat(family.getName()).endsWith("_total");
            }
            family.getMetrics().forEach(Exposition::isConsistent);
        });
        long samples = text.lines()
                .filter(line -> !line.startsWith("#") && !line.isBlank())
                .count();
        assertThat(families.stream()
                        .flatMap(family -> family.getMetrics().stream())
                        .mapToLong(Exposition::lines)
                        .sum())
                .isEqualTo(samples);
    }

    private static long lines(Metric metric) {
        if (metric instanceof Histogram histogram) {
            return histogram.getBuckets().size() + 2L;
        }
        return metric instanceof Summary summary ? summary.getQuantiles().size() + 2L : 1;
    }

    /** Buckets are cumulative, and the last one contains everything. */
    private static void isConsistent(Metric metric) {
        if (metric instanceof Histogram histogram) {
            List<Histogram.Bucket> buckets = histogram.getBuckets();
            assertThat(buckets).isSortedAccordingTo((a, b) -> Double.compare(a.getUpperBound(), b.getUpperBound()));
            assertThat(buckets).extracting(Histogram.Bucket::getCumulativeCount).isSorted();
            Histogram.Bucket last = buckets.get(buckets.size() - 1);
            assertThat(last.getUpperBound()).isInfinite();
            assertThat(last.getCumulativeCount()).isEqualTo(histogram.getSampleCount());
        }
    }

    Set<String> names() {
        return families.stream().map(MetricFamily::getName).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Returns whether there is this family, or one with this prefix if the name ends in an underscore. */
    boolean hasFamily(String name) {
        return names().stream().anyMatch(each -> name.endsWith("_") ? each.startsWith(name) : each.equals(name));
    }

    /** Returns whether a selector such as {@code name{label="value"}} finds something. */
    boolean hasSeries(String selector) {
        String name = selector.replaceFirst("\\{.*", "");
        String family = hasFamily(name) ? name : PART.matcher(name).replaceFirst("");
        Map<String, String> wanted = new TreeMap<>();
        for (MatchResult label : LABEL.matcher(selector).results().toList()) {
            wanted.put(label.group(1), label.group(2));
        }
        return families.stream()
                .filter(each -> each.getName().equals(family))
                .flatMap(each -> each.getMetrics().stream())
                .anyMatch(metric -> metric.getLabels().entrySet().containsAll(wanted.entrySet()));
    }
}
