// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Repeats in the log, with a clock that the test sets. */
class RepeatAppenderTest {
    private final AtomicLong nanos = new AtomicLong();
    private final LoggerContext context = new LoggerContext();
    private final ListAppender<ILoggingEvent> shown = new ListAppender<>();
    private final RepeatAppender repeats = new RepeatAppender(nanos::get);
    private final Logger log = context.getLogger("op-dbus");

    @BeforeEach
    void attach() {
        shown.setContext(context);
        shown.start();
        repeats.setContext(context);
        repeats.addAppender(shown);
        repeats.start();
        log.addAppender(repeats);
        log.setLevel(Level.DEBUG);
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    @Test
    void the_first_few_pass_and_the_others_are_counted_when_their_minute_is_over() {
        for (int i = 0; i < 417; i++) {
            log.warn("drift.seen container={}", 100);
        }
        assertThat(lines()).hasSize(5).containsOnly("drift.seen container=100");

        passes(Duration.ofSeconds(59));
        repeats.tellEnded();
        assertThat(lines()).hasSize(5);

        passes(Duration.ofSeconds(1));
        repeats.tellEnded();
        assertThat(lines()).hasSize(6).last().isEqualTo("… 412 more in 60 s: drift.seen container=100");
        assertThat(shown.list.get(5).getLevel()).isEqualTo(Level.WARN);
        assertThat(shown.list.get(5).getLoggerName()).isEqualTo("op-dbus");

        log.warn("drift.seen container={}", 100);
        assertThat(lines()).last().isEqualTo("drift.seen container=100");
        passes(Duration.ofMinutes(2));
        repeats.tellEnded();
        assertThat(lines()).hasSize(7);
    }

    @Test
    void any_later_line_brings_the_count_with_it() {
        for (int i = 0; i < 7; i++) {
            log.info("tried");
        }
        passes(Duration.ofMinutes(3));
        log.info("something else");
        assertThat(lines()).endsWith("… 2 more in 60 s: tried", "something else");
    }

    @Test
    void a_count_that_is_not_due_at_a_sweep_waits_for_the_next_one() {
        assertThat(repeats.isSweepPlanned()).isFalse();
        for (int i = 0; i < 6; i++) {
            log.info("first");
        }
        passes(Duration.ofSeconds(30));
        for (int i = 0; i < 6; i++) {
            log.info("second");
        }
        passes(Duration.ofSeconds(30));
        repeats.tellEnded();
        assertThat(lines()).hasSize(11).endsWith("… 1 more in 60 s: first");
        assertThat(repeats.isSweepPlanned()).isTrue();
        passes(Duration.ofSeconds(30));
        repeats.tellEnded();
        assertThat(lines()).hasSize(12).endsWith("… 1 more in 60 s: second");
        assertThat(repeats.isSweepPlanned()).isFalse();
    }

    @Test
    void other_arguments_another_level_and_another_logger_are_other_messages() {
        for (int i = 0; i < 100; i++) {
            log.warn("drift.seen container={}", 100);
        }
        log.warn("drift.seen container={}", 101);
        log.error("drift.seen container={}", 100);
        context.getLogger("op-dbus.other").warn("drift.seen container={}", 100);
        assertThat(lines())
                .hasSize(8)
                .endsWith("drift.seen container=101", "drift.seen container=100", "drift.seen container=100");
    }

    @Test
    void a_thousand_different_things_from_one_place_pass_and_then_only_errors_do() {
        for (int i = 0; i < 3_000; i++) {
            log.info("link.appeared index={}", i);
        }
        assertThat(lines()).hasSize(1_000);
        log.info("agent.ready");
        log.error("link.appeared index={}", 7_000);
        assertThat(lines()).endsWith("agent.ready", "link.appeared index=7000");

        for (int i = 0; i < 2_000; i++) {
            log.error("broke {}", i);
        }
        assertThat(lines()).hasSize(3_002);

        passes(Duration.ofSeconds(60));
        repeats.tellEnded();
        assertThat(lines()).last().isEqualTo("… 2000 more like it in 60 s: link.appeared index=2999");
    }

    @Test
    void a_failure_of_another_kind_is_another_message() {
        for (int i = 0; i < 6; i++) {
            log.error("agent.broke", new IllegalStateException("first"));
        }
        log.error("agent.broke", new IllegalStateException("second"));
        assertThat(shown.list).hasSize(6);
        assertThat(shown.list.get(5).getThrowableProxy().getMessage()).isEqualTo("second");
    }

    @Test
    void debug_lines_are_never_held_back() {
        for (int i = 0; i < 100; i++) {
            log.debug("the same");
        }
        assertThat(lines()).hasSize(100);
    }

    @Test
    void memory_is_bounded_and_what_cannot_be_remembered_passes() {
        for (int i = 0; i < 100_000; i++) {
            log.error("error " + i);
        }
        log.error("the last");
        assertThat(lines()).hasSize(100_001).last().isEqualTo("the last");
    }

    @Test
    void held_back_lines_are_counted_before_the_end() {
        for (int i = 0; i < 8; i++) {
            log.info("tried");
        }
        repeats.stop();
        assertThat(lines()).last().isEqualTo("… 3 more in 60 s: tried");
    }

    private void passes(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private List<String> lines() {
        return shown.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }
}
