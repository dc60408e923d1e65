// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.plan;

import java.util.Optional;

/**
 * Says that a container must be in a mesh.
 *
 * @param tokenName the name of its enrolment token in the file of tokens; if it is absent, the agent makes a key for the
 *     container where it can make keys, and otherwise uses the token with the default name
 */
public record MeshIntent(Optional<String> tokenName) {
    /** The default name. */
    public static final String DEFAULT_TOKEN_NAME = "NETMAKER_TOKEN";
}
