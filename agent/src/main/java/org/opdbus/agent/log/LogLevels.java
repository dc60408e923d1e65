// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/**
 * The levels of this program's loggers, shown and changed while it runs. A change lasts until the process ends.
 * Nothing can be silenced completely: {@code ERROR} always passes.
 */
public final class LogLevels {
    /** The log lines of the contract: one line per state change. */
    private static final String FACTS = "op-dbus";

    private static final String ALL = "org.opdbus";
    private static final List<String> GROUPS = List.of(ALL, "org.opdbus.verticles");
    private static final List<String> ABBREVIATED =
            List.of("org.opdbus.verticles.", "org.opdbus.agent.", "org.opdbus.");
    private static final List<Level> LEVELS = List.of(Level.ERROR, Level.WARN, Level.INFO, Level.DEBUG, Level.TRACE);
    private static final String RESET = "default";

    private final org.slf4j.Logger log = LoggerFactory.getLogger(FACTS);
    private final LoggerContext context;
    private final Map<String, Optional<Level>> configured = new HashMap<>();

    /** Returns the levels of this process. */
    public LogLevels() {
        this((LoggerContext) LoggerFactory.getILoggerFactory());
    }

    LogLevels(LoggerContext context) {
        this.context = context;
    }

    /**
     * A logger and its level.
     *
     * @param name a package, a class, or {@code op-dbus} for the log lines about state changes
     * @param level the level in force
     * @param own whether it is set on this logger, and not inherited from an enclosing package
     */
    public record LoggerLevel(String name, String level, boolean own) {}

    /** Returns all loggers of this program that have a level of their own. */
    public List<LoggerLevel> list() {
        List<LoggerLevel> levels = new ArrayList<>();
        for (Logger logger : context.getLoggerList()) {
            if (logger.getLevel() != null && isOurs(logger.getName())) {
                levels.add(level(logger));
            }
        }
        return List.copyOf(levels);
    }

    /**
     * Returns the level in force for a package.
     *
     * @param given a package or class of {@code org.opdbus}, or the last part of its name ({@code netlink}), or
     * {@code op-dbus}
     * @throws IllegalArgumentException if there is no such package
     */
    public LoggerLevel show(String given) {
        return level(context.getLogger(nameOf(given)));
    }

    /**
     * Sets the level of a package and of everything below it, and logs the change.
     *
     * @param wanted a level, or {@code default} for the level at the start of the program
     * @throws IllegalArgumentException if there is no such package or level; then nothing has changed
     */
    public synchronized LoggerLevel set(String given, String wanted) {
        String name = nameOf(given);
        Optional<Level> level = levelOf(wanted);
        Logger logger = context.getLogger(name);
        configured.putIfAbsent(name, Optional.ofNullable(logger.getLevel()));
        Optional<Level> next = level.isPresent() ? level : configured.getOrDefault(name, Optional.empty());
        Level before = logger.getEffectiveLevel();
        // Logged while the line can pass: before the lines about state changes are turned off, or
        // after they are turned on.
        boolean heard = log.isInfoEnabled();
        if (heard) {
            log.info("log.level package={} from={} to={}", name, before, wanted.toUpperCase(Locale.ROOT));
        }
        logger.setLevel(next.orElse(null));
        if (!heard) {
            log.info("log.level package={} from={} to={}", name, before, wanted.toUpperCase(Locale.ROOT));
        }
        return level(logger);
    }

    private static LoggerLevel level(Logger logger) {
        return new LoggerLevel(logger.getName(), logger.getEffectiveLevel().toString(), logger.getLevel() != null);
    }

    private static Optional<Level> levelOf(String wanted) {
        if (wanted.equalsIgnoreCase(RESET)) {
            return Optional.empty();
        }
        return Optional.of(LEVELS.stream()
                .filter(level -> level.toString().equalsIgnoreCase(wanted))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("\"" + wanted
                        + "\" is not a level; the levels are ERROR, WARN, INFO, DEBUG, TRACE, and "
                        + "default for the level in the configuration")));
    }

    private static boolean isOurs(String name) {
        return name.equals(FACTS) || name.equals(ALL) || name.startsWith(ALL + ".");
    }

    /** A name that no logger uses would have no effect, so it is refused. */
    private static String nameOf(String given) {
        if (given.equals(FACTS) || GROUPS.contains(given)) {
            return given;
        }
        if (given.matches("[A-Za-z][A-Za-z0-9]*(\\.[A-Za-z][A-Za-z0-9]*)*")) {
            List<String> candidates = given.startsWith(ALL + ".")
                    ? List.of(given)
                    : ABBREVIATED.stream().map(prefix -> prefix + given).toList();
            for (String candidate : candidates) {
                if (exists(candidate)) {
                    return candidate;
                }
            }
        }
        throw new IllegalArgumentException("there is no package \"" + given
                + "\"; there are op-dbus (state changes), org.opdbus (everything), and packages below it such as netlink,"
                + " ovsdb, lxc, reconcile, netmaker, ledger");
    }

    private static boolean exists(String name) {
        String path = "/" + name.replace('.', '/');
        return LogLevels.class.getResource(path + "/package-info.class") != null
                || LogLevels.class.getResource(path + ".class") != null;
    }
}
