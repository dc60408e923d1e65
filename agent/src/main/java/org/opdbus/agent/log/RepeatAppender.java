// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.spi.AppenderAttachable;
import ch.qos.logback.core.spi.AppenderAttachableImpl;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Passes log lines on to its appenders, but limits repeats: after a few equal lines within a minute it only counts,
 * and logs at the end of that minute "… 412 more in 60 s". {@link Repeats} defines when lines are equal. The first
 * appearance of an error always passes. DEBUG and TRACE lines always pass, because a user has asked for them.
 */
public final class RepeatAppender extends AppenderBase<ILoggingEvent> implements AppenderAttachable<ILoggingEvent> {
    private static final Duration WINDOW = Duration.ofSeconds(60);
    private static final int TEXT_CHARS_MAX = 200;

    private final AppenderAttachableImpl<ILoggingEvent> next = new AppenderAttachableImpl<>();
    private final Repeats<ILoggingEvent> repeats;
    private Optional<Future<?>> sweep = Optional.empty();

    /** Creates an appender for this process. */
    public RepeatAppender() {
        this(System::nanoTime);
    }

    RepeatAppender(LongSupplier nanoTime) {
        repeats = new Repeats<>(WINDOW, nanoTime);
    }

    /** Logs what was held back so far, because the process is about to end. */
    public static void tellAll() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            Iterator<Appender<ILoggingEvent>> appenders =
                    context.getLogger(Logger.ROOT_LOGGER_NAME).iteratorForAppenders();
            appenders.forEachRemaining(appender -> {
                if (appender instanceof RepeatAppender repeating) {
                    repeating.tellHeldBack();
                }
            });
        }
    }

    private synchronized void tellHeldBack() {
        repeats.all().forEach(this::tell);
    }

    /** Logs what was held back in the minutes that have ended. */
    synchronized void tellEnded() {
        repeats.ended().forEach(this::tell);
        sweep = Optional.empty();
        if (repeats.holdsSome()) {
            planSweep();
        }
    }

    /** Returns whether a thread will log the counts even if nothing more is logged. */
    synchronized boolean isSweepPlanned() {
        return sweep.isPresent();
    }

    @Override
    protected void append(ILoggingEvent event) {
        repeats.ended().forEach(this::tell);
        Level level = event.getLevel();
        if (!level.isGreaterOrEqual(Level.INFO)
                || repeats.passes(place(event), text(event), level.isGreaterOrEqual(Level.ERROR), event)) {
            next.appendLoopOnAppenders(event);
        } else {
            planSweep();
        }
    }

    private static List<Object> place(ILoggingEvent event) {
        return List.of(event.getLoggerName(), event.getLevel(), String.valueOf(event.getMessage()));
    }

    private static String text(ILoggingEvent event) {
        IThrowableProxy failure = event.getThrowableProxy();
        return failure == null
                ? event.getFormattedMessage()
                : event.getFormattedMessage() + "\n" + failure.getClassName() + "\n" + failure.getMessage();
    }

    /** The count is logged even if no further line comes. A process without repeats gets no thread for it. */
    private void planSweep() {
        if (sweep.isEmpty() && getContext() != null) {
            sweep = Optional.of(getContext()
                    .getScheduledExecutorService()
                    .schedule(this::tellEnded, WINDOW.toMillis(), TimeUnit.MILLISECONDS));
        }
    }

    private void tell(Repeats.HeldBack<ILoggingEvent> held) {
        ILoggingEvent last = held.message();
        if (!(getContext() instanceof LoggerContext loggers)) {
            return;
        }
        LoggingEvent count = new LoggingEvent(
                RepeatAppender.class.getName(),
                loggers.getLogger(last.getLoggerName()),
                last.getLevel(),
                "… {} more {}in {} s: {}",
                null,
                new Object[] {
                    held.count(),
                    held.alike() ? "like it " : "",
                    WINDOW.toSeconds(),
                    abbreviated(last.getFormattedMessage())
                });
        next.appendLoopOnAppenders(count);
    }

    private static String abbreviated(String text) {
        return text.length() <= TEXT_CHARS_MAX ? text : text.substring(0, TEXT_CHARS_MAX) + "…";
    }

    @Override
    public void stop() {
        tellHeldBack();
        super.stop();
        next.detachAndStopAllAppenders();
    }

    @Override
    public void addAppender(Appender<ILoggingEvent> appender) {
        next.addAppender(appender);
    }

    @Override
    public Iterator<Appender<ILoggingEvent>> iteratorForAppenders() {
        return next.iteratorForAppenders();
    }

    @Override
    public @Nullable Appender<ILoggingEvent> getAppender(String name) {
        return next.getAppender(name);
    }

    @Override
    public boolean isAttached(Appender<ILoggingEvent> appender) {
        return next.isAttached(appender);
    }

    @Override
    public void detachAndStopAllAppenders() {
        next.detachAndStopAllAppenders();
    }

    @Override
    public boolean detachAppender(Appender<ILoggingEvent> appender) {
        return next.detachAppender(appender);
    }

    @Override
    public boolean detachAppender(String name) {
        return next.detachAppender(name);
    }
}
