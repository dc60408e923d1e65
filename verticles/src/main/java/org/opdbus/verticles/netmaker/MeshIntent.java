// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.netmaker;

/**
 * That a container is to be in a mesh.
 *
 * @param tokenName the name of its enrolment token in the file of tokens
 */
public record MeshIntent(String tokenName) {
    /** The name where none is given. */
    public static final String DEFAULT_TOKEN_NAME = "NETMAKER_TOKEN";
}
