// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker.guest;

/**
 * A container's place in one network of a mesh.
 *
 * @param network the network's name
 * @param nodeId the node's id on the server
 * @param address its address with its prefix, {@code 100.64.0.5/16}
 */
public record MeshNode(String network, String nodeId, String address) {}
