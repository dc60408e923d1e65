// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.opdbus.verticles.testing.Eventually.eventually;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.opdbus.verticles.bus.VertxSettings;
import org.opdbus.verticles.dbus.service.Access;
import org.opdbus.verticles.dbus.service.CallerRights.Question;
import org.slf4j.LoggerFactory;

class DeniedCallsTest {
    private final Vertx vertx = Vertx.vertx(VertxSettings.common());
    private final Logger logger = (Logger) LoggerFactory.getLogger(DeniedCalls.class);
    private final List<String> lines = new CopyOnWriteArrayList<>();
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            lines.add(event.getFormattedMessage());
        }
    };

    @BeforeEach
    void listen() {
        appender.start();
        logger.addAppender(appender);
    }

    @AfterEach
    void close() {
        logger.detachAppender(appender);
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void a_flood_of_refusals_is_counted_in_few_lines() {
        DeniedCalls denied = new DeniedCalls(vertx);
        Question question = new Question(":1.7", Access.CHANGE, "org.opdbus.Container1.Stop", false);
        vertx.runOnContext(start -> {
            for (int i = 0; i < 10_000; i++) {
                denied.refused(Denial.POLKIT_REFUSES, question, "caller=:1.7 uid=1000 pid=12");
            }
            denied.refused(Denial.NOT_ROOT, question, "caller=:1.7 uid=1000 pid=12");
        });

        eventually(() -> assertThat(lines)
                .containsExactly(
                        "dbus=refused operation=org.opdbus.Container1.Stop caller=:1.7 uid=1000 pid=12"
                                + " reason=\"polkit does not allow it\" count=1",
                        "dbus=refused operation=org.opdbus.Container1.Stop caller=:1.7 uid=1000 pid=12"
                                + " reason=\"the caller is not root\" count=1",
                        "dbus=refused suppressed=9999 reason=\"polkit does not allow it\" count=10000"));
        assertThat(denied.count()).isEqualTo(10_001);
    }
}
