// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.state.reload;

import org.opdbus.verticles.state.ApplyProgress;
import org.opdbus.verticles.state.ApplyReport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs an apply that no command waits for. */
public final class LoggedProgress implements ApplyProgress {
    private static final Logger LOG = LoggerFactory.getLogger("op-dbus");

    @Override
    public void done(String line) {
        LOG.info("apply: {}", line);
    }

    @Override
    public void note(String line) {
        LOG.warn("apply: {}", line);
    }

    public static void finished(ApplyReport report) {
        LOG.info(
                "state.applied created={} changed={} destroyed={} unchanged={} failed={}",
                report.created().size(),
                report.changed().size(),
                report.destroyed().size(),
                report.unchanged(),
                report.failed().size());
    }

    public static void refused(Throwable failure) {
        LOG.error("the agent did not apply the state file: {}", failure.getMessage());
    }
}
