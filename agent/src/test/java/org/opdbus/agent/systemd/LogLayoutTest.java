// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.systemd;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.opdbus.agent.log.VisibleText;
import org.slf4j.event.KeyValuePair;

class LogLayoutTest {
    private final LoggerContext context = new LoggerContext();

    @TempDir
    Path folder;

    @Test
    void the_journal_gets_a_priority_and_no_time() {
        assertThat(line(true, "op-dbus", Level.INFO)).isEqualTo("<6>container.enrolled id=100\n");
        assertThat(line(true, "op-dbus", Level.WARN)).isEqualTo("<4>container.enrolled id=100\n");
        assertThat(line(true, "op-dbus", Level.ERROR)).isEqualTo("<3>container.enrolled id=100\n");
        assertThat(line(true, "org.opdbus.verticles.lxc.LxcThread", Level.DEBUG))
                .isEqualTo("<7>LxcThread container.enrolled id=100\n");
    }

    @Test
    void every_line_of_a_stack_trace_has_the_priority() {
        LoggingEvent event = event("op-dbus", Level.ERROR, new IllegalStateException("first\nsecond"));
        assertThat(layout(true).doLayout(event).lines())
                .hasSizeGreaterThan(3)
                .allMatch(line -> line.startsWith("<3>"))
                .contains("<3>java.lang.IllegalStateException: first\\nsecond");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%level %logger{0} %msg%n%ex",
                "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %logger{0} %msg%n%ex",
                "%m%n%xEx",
                "%message%n%rEx",
                "%msg%n",
                "%kvp %marker %msg%n"
            })
    void no_text_of_a_container_steers_a_terminal_or_forges_a_line_whatever_the_pattern(String pattern) {
        String hostile = "a\u001b[2J\u009b1m\u007f\u202e\u2028\r\n2026-01-01T00:00:00Z ERROR forged\ud800";
        IllegalStateException failure = new IllegalStateException(hostile, new IOException(hostile));
        failure.addSuppressed(new IOException(hostile));
        LoggingEvent event = new LoggingEvent(
                "", context.getLogger("op-dbus"), Level.WARN, "container={} {}", failure, new Object[] {hostile, hostile
                });
        event.addKeyValuePair(new KeyValuePair("container", "\u001b[2J"));

        for (boolean journal : new boolean[] {false, true}) {
            LogLayout layout = new LogLayout(journal, context);
            layout.setPattern(pattern);
            layout.start();
            String text = layout.doLayout(event);

            assertThat(text)
                    .contains("a\\u001b[2J\\u009b1m\\u007f\\u202e\\u2028\\u000d\\n2026-01-01T00:00:00Z ERROR forged");
            assertThat(text.lines()).noneMatch(line -> line.matches("(<.>)?2026-01-01T00:00:00Z ERROR forged.*"));
            assertThat(text.codePoints()).allMatch(c -> c == '\n' || c == '\t' || VisibleText.isVisible(c));
        }
    }

    @Test
    void a_terminal_gets_the_configured_pattern() {
        assertThat(line(false, "op-dbus", Level.INFO)).isEqualTo("INFO op-dbus container.enrolled id=100\n");
    }

    @Test
    void the_stream_is_the_journal_only_if_device_and_inode_are_those_that_systemd_names() throws IOException {
        Path file = Files.createFile(folder.resolve("stream"));
        String stream = Files.getAttribute(file, "unix:dev") + ":" + Files.getAttribute(file, "unix:ino");
        assertThat(LogLayout.isJournal(Map.of("JOURNAL_STREAM", stream), file)).isTrue();
        assertThat(LogLayout.isJournal(Map.of("JOURNAL_STREAM", "1:2"), file)).isFalse();
        assertThat(LogLayout.isJournal(Map.of("JOURNAL_STREAM", stream), folder.resolve("closed")))
                .isFalse();
        assertThat(LogLayout.isJournal(Map.of(), file)).isFalse();
    }

    private String line(boolean journal, String logger, Level level) {
        LoggingEvent event = event(logger, level, null);
        return layout(journal).doLayout(event);
    }

    private LoggingEvent event(String logger, Level level, @Nullable Throwable failure) {
        return new LoggingEvent(
                "", context.getLogger(logger), level, "container.enrolled id={}", failure, new Object[] {100});
    }

    private LogLayout layout(boolean journal) {
        LogLayout layout = new LogLayout(journal, context);
        layout.setPattern("%level %logger{0} %msg%n%ex");
        layout.start();
        return layout;
    }
}
