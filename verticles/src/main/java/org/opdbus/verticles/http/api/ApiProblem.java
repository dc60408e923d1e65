// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.api;

import io.vertx.core.json.JsonObject;

/**
 * Why a request gets no answer, in the form of RFC 9457.
 *
 * @param status of HTTP
 * @param title the same for every problem of this status
 * @param detail what is wrong with this request
 * @param remedy what the caller can do
 */
record ApiProblem(int status, String title, String detail, String remedy) {
    static final String TYPE = "application/problem+json";

    static ApiProblem badRequest(String detail, String remedy) {
        return new ApiProblem(400, "Bad Request", detail, remedy);
    }

    static ApiProblem notFound(String detail, String remedy) {
        return new ApiProblem(404, "Not Found", detail, remedy);
    }

    /** Something else goes on that must end first. */
    static ApiProblem busy(String detail) {
        return new ApiProblem(503, "Service Unavailable", detail, "try again in a few seconds");
    }

    static ApiProblem unavailable(String detail, String remedy) {
        return new ApiProblem(503, "Service Unavailable", detail, remedy);
    }

    static ApiProblem failed(String detail, String remedy) {
        return new ApiProblem(500, "Internal Server Error", detail, remedy);
    }

    JsonObject json() {
        return new JsonObject()
                .put("type", "about:blank")
                .put("title", title)
                .put("status", status)
                .put("detail", detail)
                .put("remedy", remedy);
    }
}
