// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.api;

/** Ends the work on a request with a problem. It has no stack trace, because callers cause it as often as they like. */
final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient ApiProblem problem;

    ProblemException(ApiProblem problem) {
        super(problem.detail(), null, false, false);
        this.problem = problem;
    }

    ApiProblem problem() {
        return problem;
    }
}
