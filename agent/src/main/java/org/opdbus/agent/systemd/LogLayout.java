// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.systemd;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Context;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import org.opdbus.agent.log.VisibleEvent;
import org.opdbus.agent.log.VisibleText;

/**
 * The form of a log line. If systemd's journal reads standard error, every line begins with its priority instead of a
 * time (sd-daemon(3)), including the lines of a stack trace, because the journal records the time itself. Otherwise
 * the line follows the configured pattern. With every pattern, text that did not come from this program is escaped
 * ({@link VisibleText}): a message is one line, and no character of it controls a terminal.
 */
public final class LogLayout extends PatternLayout {
    private static final String JOURNAL_PATTERN = "%replace(%logger{0} ){'^op-dbus ', ''}%msg%n%ex";
    private static final Path STDERR = Path.of("/proc/self/fd/2");

    private final boolean journal;

    /** Creates the layout for this process and its standard error. */
    public LogLayout() {
        journal = isJournal(System.getenv(), STDERR);
    }

    LogLayout(boolean journal, Context context) {
        this.journal = journal;
        setContext(context);
    }

    /**
     * Returns whether a file is the stream that systemd has connected to its journal; device and inode show that
     * (systemd.exec(5)).
     */
    static boolean isJournal(Map<String, String> environment, Path file) {
        String stream = environment.getOrDefault("JOURNAL_STREAM", "");
        if (stream.isEmpty()) {
            return false;
        }
        try {
            Map<String, Object> attributes = Files.readAttributes(file, "unix:dev,ino");
            return stream.equals(attributes.get("dev") + ":" + attributes.get("ino"));
        } catch (IOException e) {
            // Standard error is closed, so the form does not matter.
            return false;
        }
    }

    @Override
    public void start() {
        if (journal) {
            setPattern(JOURNAL_PATTERN);
        }
        super.start();
    }

    @Override
    public String doLayout(ILoggingEvent event) {
        String text = VisibleText.lines(super.doLayout(new VisibleEvent(event)));
        if (!journal) {
            return text;
        }
        String priority = "<" + priority(event.getLevel()) + ">";
        return text.lines().map(line -> priority + line + "\n").collect(Collectors.joining());
    }

    /** The numbers of syslog(3). */
    private static int priority(Level level) {
        if (level.isGreaterOrEqual(Level.ERROR)) {
            return 3;
        }
        if (level.isGreaterOrEqual(Level.WARN)) {
            return 4;
        }
        return level.isGreaterOrEqual(Level.INFO) ? 6 : 7;
    }
}
