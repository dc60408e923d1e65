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
                .contains("<3>java.lang.IllegalStateException: first", "<3>second");
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
