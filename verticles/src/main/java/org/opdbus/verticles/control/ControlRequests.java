// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.control;

import io.reactivex.rxjava3.core.Single;
import io.vertx.core.json.JsonObject;
import java.util.Optional;

/** What the control socket can be asked. */
public interface ControlRequests {
    /** Which program this is: {@code {"version", "host"}}. */
    JsonObject version();

    /** The state of all plugins, or the bare state of one; fails if there is no such plugin. */
    Single<JsonObject> query(Optional<String> plugin);
}
