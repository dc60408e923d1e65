// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.driver.engine;

/** The labels of containers that labs have made. A container with them is its lab's: nothing else attaches it. */
public final class LabLabels {
    /** The name of the lab. */
    public static final String LAB = "opdbus.lab";

    /** The name of the item in that lab. */
    public static final String ITEM = "opdbus.lab.item";

    private LabLabels() {}
}
