// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.Layout;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Function;
import org.opdbus.agent.systemd.LogLayout;

/**
 * The configuration of the log: what is logged, where and in which form. Logback finds this class by {@link
 * java.util.ServiceLoader} and runs it once, before the first line. It is code, because to read the same from XML
 * took a tenth of the agent's start. If the user names a file by {@code -Dlogback.configurationFile}, that file is
 * used instead.
 */
public final class LogConfiguration extends ContextAwareBase implements Configurator {
    private static final String LEVEL = "OP_DBUS_LOG_LEVEL";
    private static final String CLUSTER_LEVEL = "OP_DBUS_CLUSTER_LOG_LEVEL";
    private static final String PATTERN = "%d{yyyy-MM-dd'T'HH:mm:ss.SSSXXX} %-5level %logger{0} %msg%n%ex";

    private static final String OTHER_FILE = "logback.configurationFile";

    private final Function<String, Optional<String>> settings;

    /** Creates the configuration of this process: its system properties first, then its environment. */
    public LogConfiguration() {
        this(name -> Optional.ofNullable(System.getProperty(name)).or(() -> Optional.ofNullable(System.getenv(name))));
    }

    LogConfiguration(Function<String, Optional<String>> settings) {
        this.settings = settings;
    }

    @Override
    public ExecutionStatus configure(LoggerContext loggers) {
        if (settings.apply(OTHER_FILE).isPresent()) {
            return ExecutionStatus.INVOKE_NEXT_IF_ANY;
        }
        Logger root = loggers.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.WARN);
        root.addAppender(limited(loggers));

        set(loggers, level(LEVEL, Level.INFO), "org.opdbus", "op-dbus");
        // Netty looks for a hardware address as an identifier of this process; a host without one
        // is no problem.
        set(loggers, Level.ERROR, "io.netty.util.internal.MacAddressUtil");
        // A message that is on its way when its receiver leaves concerns no receiver.
        set(loggers, Level.ERROR, "io.vertx.core.eventbus.impl");
        // The cluster's libraries log every absent host and every change; the agent logs these in a
        // few lines of its own.
        set(
                loggers,
                level(CLUSTER_LEVEL, Level.OFF),
                "org.infinispan",
                "org.jgroups",
                "org.jboss",
                "io.vertx.ext.cluster");
        // Vert.x puts no handlers on the event bus's own connections, so it logs a failing one as
        // an error.
        set(loggers, Level.OFF, "io.vertx.core.net.impl.ConnectionBase");
        complainOfLevels(loggers);
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }

    /** Counts repeated lines. */
    private static Appender<ILoggingEvent> limited(LoggerContext loggers) {
        RepeatAppender limited = new RepeatAppender();
        limited.setContext(loggers);
        limited.setName("LIMITED");
        limited.addAppender(toStandardError(loggers));
        limited.start();
        return limited;
    }

    /** Standard error, because standard output is for results. */
    private static Appender<ILoggingEvent> toStandardError(LoggerContext loggers) {
        LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
        encoder.setContext(loggers);
        // UTF-8 regardless of the locale, because a service has none.
        encoder.setCharset(StandardCharsets.UTF_8);
        encoder.setLayout(layout(loggers));
        encoder.start();
        ConsoleAppender<ILoggingEvent> standardError = new ConsoleAppender<>();
        standardError.setContext(loggers);
        standardError.setName("STDERR");
        standardError.setTarget("System.err");
        standardError.setEncoder(encoder);
        standardError.start();
        return standardError;
    }

    private static Layout<ILoggingEvent> layout(LoggerContext loggers) {
        LogLayout layout = new LogLayout();
        layout.setContext(loggers);
        layout.setPattern(PATTERN);
        layout.start();
        return layout;
    }

    private static void set(LoggerContext loggers, Level level, String... names) {
        for (String name : names) {
            loggers.getLogger(name).setLevel(level);
        }
    }

    private Level level(String variable, Level otherwise) {
        return Level.toLevel(settings.apply(variable).orElse(null), otherwise);
    }

    private void complainOfLevels(LoggerContext loggers) {
        for (String variable : new String[] {LEVEL, CLUSTER_LEVEL}) {
            String given = settings.apply(variable).orElse("");
            if (!given.isEmpty() && Level.toLevel(given, null) == null) {
                loggers.getLogger("op-dbus")
                        .warn(
                                "{}={} is not a level and is ignored; the levels are ERROR, WARN, "
                                        + "INFO, DEBUG, TRACE",
                                variable,
                                given);
            }
        }
    }
}
