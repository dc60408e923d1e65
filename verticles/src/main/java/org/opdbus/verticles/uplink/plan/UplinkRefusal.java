// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.uplink.plan;

import java.util.List;
import java.util.stream.Collectors;

/** A move that the planner will not make. Nothing was touched. */
public final class UplinkRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Reason> reasons;

    /**
     * Why, in sentences for people.
     *
     * @param why the reason
     * @param remedy what to do about it; can be empty
     */
    public record Reason(String why, String remedy) {}

    /** Creates it; there is at least one reason. */
    public UplinkRefusal(List<Reason> reasons) {
        super(reasons.stream()
                .map(reason -> reason.remedy().isEmpty() ? reason.why() : reason.why() + "; " + reason.remedy())
                .collect(Collectors.joining(". ")));
        this.reasons = List.copyOf(reasons);
    }

    public List<Reason> reasons() {
        return reasons;
    }
}
