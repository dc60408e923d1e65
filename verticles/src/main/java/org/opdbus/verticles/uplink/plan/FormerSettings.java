// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.plan;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.opdbus.verticles.uplink.plan.Step.Setting;

/** What settings were before a move, as its record says. A setting that was changed since the move is left as it is. */
final class FormerSettings {
    private final Map<String, String> before = new HashMap<>();
    private final Map<String, String> after = new HashMap<>();

    FormerSettings(UplinkPlan record) {
        record.steps().stream()
                .filter(Step.WriteSettings.class::isInstance)
                .map(Step.WriteSettings.class::cast)
                .flatMap(step -> step.settings().stream())
                .forEach(setting -> {
                    before.putIfAbsent(setting.path(), setting.before());
                    after.put(setting.path(), setting.after());
                });
    }

    /** Returns the settings of a link as they shall be. */
    Map<String, String> wanted(String link, Map<String, String> now) {
        Map<String, String> wanted = new HashMap<>(now);
        now.forEach((path, value) -> {
            String file = LinkSettings.file(path, link);
            if (value.equals(after.get(file))) {
                wanted.put(path, before.getOrDefault(file, value));
            }
        });
        return wanted;
    }

    /** Returns the changes that give a link what it had before the move. */
    List<Setting> of(String link, Map<String, String> now) {
        return LinkSettings.changes(link, now, wanted(link, now));
    }
}
