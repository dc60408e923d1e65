// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.wayback;

import java.nio.file.Path;
import org.opdbus.verticles.uplink.plan.UplinkPlan;

/** Renders the script of the way back from a plan; pure. */
final class UndoScript {
    private UndoScript() {}

    /** Returns the script. */
    static String render(UplinkPlan plan, Path move, SwitchPlaces places) {
        return """
                #!/bin/sh
                case $1 in --after) sleep "$2"; shift 2 ;; esac
                for word in reverting reverted; do
                    printf '%%s %%s %%s\\n' "$(date -u +%%Y-%%m-%%dT%%H:%%M:%%SZ)" "$word" "$1" >>'%s'
                done
                """.formatted(MovePaths.journal(move));
    }
}
