// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent.wiring.web;

import io.vertx.core.Vertx;
import org.opdbus.agent.wiring.web.WebFaces.Sources;
import org.opdbus.config.AgentConfig;
import org.opdbus.ledger.LedgerOptions;
import org.opdbus.verticles.http.api.ApiRoute;
import org.opdbus.verticles.http.api.ApiSources;

/** Joins the resources of the API to the parts of the agent that they are read from. */
final class ApiParts {
    private ApiParts() {}

    static ApiRoute route(Vertx vertx, Sources sources, SharedEvents events) {
        AgentConfig config = sources.kept().config();
        return new ApiRoute(
                vertx,
                new ApiSources(
                        sources.inventory(),
                        new ApiSources.LedgerFiles(
                                config.ledger().dir(),
                                LedgerOptions.publicKeyFileOf(config.ledger().keyFile()),
                                sources.kept().signed()),
                        events.log(),
                        new HostFindings(config, sources.inventory())));
    }
}
