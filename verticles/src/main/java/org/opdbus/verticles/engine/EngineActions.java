// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.engine;

import java.util.Set;

/** The actions of events about containers that matter here; both engines have dozens of others. */
final class EngineActions {
    static final String CREATE = "create";
    static final String START = "start";
    static final String DIE = "die";
    static final String RENAME = "rename";
    /** Docker's word. */
    static final String DESTROY = "destroy";
    /** Podman's word. */
    static final String REMOVE = "remove";

    private static final Set<String> ALL = Set.of(CREATE, START, DIE, RENAME, DESTROY, REMOVE);

    private EngineActions() {}

    static boolean concern(String action) {
        return ALL.contains(action);
    }
}
