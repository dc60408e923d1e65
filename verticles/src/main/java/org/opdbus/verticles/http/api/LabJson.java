// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.opdbus.verticles.inventory.KnownLab;

/** A lab of this host as JSON, with the words of {@code op-dbus lab NET show}. Pure functions, for any thread. */
public final class LabJson {
    private LabJson() {}

    /** Returns a lab, with its endpoints and its LANs. */
    public static JsonObject of(KnownLab lab, String host) {
        JsonArray endpoints = new JsonArray();
        lab.endpoints().forEach(endpoint -> endpoints.add(endpoint(endpoint)));
        JsonArray lans = new JsonArray();
        lab.lans()
                .forEach(lan -> lans.add(new JsonObject()
                        .put("name", lan.name())
                        .put("bridge", lan.bridge())
                        .put("live", lan.live())
                        .put("endpoints", lan.endpoints())
                        .put("spied", lan.spied())));
        return new JsonObject()
                .put("key", InventoryJson.key(host, lab.name()))
                .put("host", host)
                .put("lab", lab.name())
                .put("namespace", lab.namespace())
                .put("running", lab.running())
                .put("settled", lab.settled())
                .put("itemCount", lab.items())
                .put("lanCount", lab.lans().size())
                .put("endpoints", endpoints)
                .put("lans", lans)
                .put("trouble", InventoryJson.object(lab.trouble()));
    }

    private static JsonObject endpoint(KnownLab.Endpoint endpoint) {
        JsonObject json = new JsonObject()
                .put("port", endpoint.port())
                .put("item", endpoint.item())
                .put("kind", endpoint.kind())
                .put("state", endpoint.machine())
                .put("number", endpoint.number())
                .put("mac", endpoint.mac())
                .put("spied", endpoint.spied())
                .put("ofport", endpoint.ofport())
                .put("reason", endpoint.reason());
        endpoint.place().ifPresent(place -> {
            json.put("lan", place.lan());
            if (place.tag() != 0) {
                json.put("tag", place.tag());
            }
            if (!place.trunks().isEmpty()) {
                json.put("trunks", InventoryJson.array(place.trunks()));
            }
        });
        return json;
    }
}
