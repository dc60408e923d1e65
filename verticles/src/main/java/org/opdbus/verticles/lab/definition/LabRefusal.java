// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.lab.definition;

/** A change of a lab that is not made. Nothing was touched. */
public final class LabRefusal extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String remedy;

    /**
     * Creates it.
     *
     * @param why the reason, in a sentence for people without control characters
     * @param remedy what to do about it; can be empty
     */
    public LabRefusal(String why, String remedy) {
        super(why);
        this.remedy = remedy;
    }

    public String remedy() {
        return remedy;
    }
}
