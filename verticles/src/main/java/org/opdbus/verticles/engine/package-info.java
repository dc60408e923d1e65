// SPDX-License-Identifier: Apache-2.0
/**
 * The source of Docker's and Podman's containers: one verticle for each engine, over the unix socket of its API.
 *
 * <p>A session with an engine subscribes to its events first, from a moment before that on, then lists all containers, then asks
 * about each that may run, because only that answer has the process id. When all that is published, {@code SourceListed} follows,
 * and changes after it. Until then an event only makes the agent ask about its container again. An event {@code start} is one
 * question away from {@code ContainerStarted}.
 *
 * <p>When the API is gone, answers what it cannot answer, or sends more than the agent takes, the session ends with
 * {@code SourceLost}, and a new one begins after a growing, jittered pause, or as soon as the socket is made again. What the agent
 * knew of the containers stays until the next listing: with live-restore they go on without their engine. A container has
 * stopped when an event, a listing or an answer about it says so, never because of silence. While there is no socket, nothing is
 * published.
 *
 * <p>An answer about one container that cannot be understood, or does not come in time, concerns that container alone: it stays as
 * it was, and the next listing asks about it again. Docker drops events silently for a subscriber that does not keep up; so a
 * session lists again once a minute, and asks about those containers of which the list says something else than was heard.
 *
 * <p>Everything happens on the event loop of the verticle. Everything that comes from an engine is limited in size, number and
 * time ({@link org.opdbus.verticles.engine.EngineLimits}). Of a container the agent keeps its id, name, image, network mode and
 * what its labels ask for; never its environment.
 */
@NullMarked
package org.opdbus.verticles.engine;

import org.jspecify.annotations.NullMarked;
