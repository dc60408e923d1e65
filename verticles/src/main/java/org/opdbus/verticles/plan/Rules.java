// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.plan;

/**
 * The planning rules of all rooms, as the wiring puts them together.
 *
 * @param namespace what comes before anything else for a running container
 * @param endings what has ended
 * @param names which name each link is to have
 * @param links the rules about one link in their order; the last of them always decides
 */
public record Rules(ContainerRule namespace, Endings endings, LinkNames names, LinkRule links) {}
