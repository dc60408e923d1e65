// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.enroll.netmaker.plan;

import java.time.Duration;

/**
 * The limits and intervals of meshes.
 *
 * @param join the limit for one run of netclient; it needs up to 90 s when its server does not answer
 * @param confirm the limit from the registration until the interface is up
 * @param leave how long the destruction of a container may wait for a server
 * @param retryFirst the first delay after a failure; it doubles from there
 * @param retryLast the longest delay after a failure
 * @param health the interval between two checks of a container that is in its mesh
 * @param silence how long all peers that have answered before may be silent
 * @param status the interval between two requests to the server about one host
 */
public record MeshTimes(
        Duration join,
        Duration confirm,
        Duration leave,
        Duration retryFirst,
        Duration retryLast,
        Duration health,
        Duration silence,
        Duration status) {}
