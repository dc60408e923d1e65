// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker;

import java.util.Optional;

/**
 * That a container is to be in a mesh.
 *
 * @param tokenName the name of its enrolment token in the file of tokens; if it names none, a key is made for it where keys
 *     can be made, else it has the token of the usual name
 */
public record MeshIntent(Optional<String> tokenName) {
    /** The name where none is given. */
    public static final String DEFAULT_TOKEN_NAME = "NETMAKER_TOKEN";
}
