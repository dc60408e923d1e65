// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.reconcile;

/** The edges through which the reconciler acts. */
public record Edges(LinkWork links, PortWork ports, ContainerCheck containers) {}
