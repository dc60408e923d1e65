// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator.ExecutionStatus;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import ch.qos.logback.core.spi.LifeCycle;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What is logged without and with settings of the operator. */
class LogConfigurationTest {
    private final LoggerContext loggers = new LoggerContext();

    @AfterEach
    void stop() {
        loggers.stop();
    }

    @Test
    void what_repeats_is_limited_on_its_way_to_standard_error() {
        assertThat(configure(Map.of())).isEqualTo(ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY);
        Logger root = loggers.getLogger(Logger.ROOT_LOGGER_NAME);
        assertThat(root.iteratorForAppenders()).toIterable().hasOnlyElementsOfType(RepeatAppender.class);
        RepeatAppender limited = (RepeatAppender) root.getAppender("LIMITED");
        assertThat(limited.isStarted()).isTrue();
        assertThat(limited.iteratorForAppenders()).toIterable().hasSize(1).allMatch(LifeCycle::isStarted);
    }

    @Test
    void own_lines_are_logged_and_only_warnings_of_libraries() {
        configure(Map.of());
        assertThat(levelOf("op-dbus")).isEqualTo(Level.INFO);
        assertThat(levelOf("org.opdbus.verticles.netlink")).isEqualTo(Level.INFO);
        assertThat(levelOf("io.vertx.core")).isEqualTo(Level.WARN);
        assertThat(levelOf("org.jgroups.protocols.TCP")).isEqualTo(Level.OFF);
    }

    @Test
    void levels_are_taken_from_the_settings() {
        configure(Map.of("OP_DBUS_LOG_LEVEL", "debug", "OP_DBUS_CLUSTER_LOG_LEVEL", "INFO"));
        assertThat(levelOf("op-dbus")).isEqualTo(Level.DEBUG);
        assertThat(levelOf("org.opdbus.ledger")).isEqualTo(Level.DEBUG);
        assertThat(levelOf("org.jgroups.protocols.TCP")).isEqualTo(Level.INFO);
    }

    @Test
    void a_word_that_is_not_a_level_is_logged_and_ignored() {
        ListAppender<ILoggingEvent> told = new ListAppender<>();
        told.start();
        loggers.getLogger("op-dbus").addAppender(told);
        configure(Map.of("OP_DBUS_LOG_LEVEL", "LOUD"));
        assertThat(levelOf("op-dbus")).isEqualTo(Level.INFO);
        assertThat(told.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly("OP_DBUS_LOG_LEVEL=LOUD is not a level and is ignored;"
                        + " the levels are ERROR, WARN, INFO, DEBUG, TRACE");
    }

    @Test
    void a_configuration_file_of_the_user_is_used() {
        assertThat(configure(Map.of("logback.configurationFile", "/etc/op-dbus/logback.xml")))
                .isEqualTo(ExecutionStatus.INVOKE_NEXT_IF_ANY);
        assertThat(loggers.getLogger(Logger.ROOT_LOGGER_NAME).iteratorForAppenders())
                .isExhausted();
    }

    @Test
    void logback_finds_it() {
        LoggerContext ofProcess = (LoggerContext) LoggerFactory.getILoggerFactory();
        assertThat(ofProcess.getLogger(Logger.ROOT_LOGGER_NAME).getAppender("LIMITED"))
                .isInstanceOf(RepeatAppender.class);
    }

    private ExecutionStatus configure(Map<String, String> settings) {
        LogConfiguration configuration = new LogConfiguration(name -> Optional.ofNullable(settings.get(name)));
        configuration.setContext(loggers);
        return configuration.configure(loggers);
    }

    private Level levelOf(String name) {
        return loggers.getLogger(name).getEffectiveLevel();
    }
}
