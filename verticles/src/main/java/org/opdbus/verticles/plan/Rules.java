// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.plan;

/**
 * The planning rules of all handlers, as the wiring joins them.
 *
 * @param namespace the rule that comes before all others for a running container
 * @param missing the rule about a container that has no link to enrol
 * @param endings the rules about what has ended
 * @param names decides the name of each link
 * @param links the rules about one link in their order; the last of them always decides
 */
public record Rules(ContainerRule namespace, MissingLink missing, Endings endings, LinkNames names, LinkRule links) {}
