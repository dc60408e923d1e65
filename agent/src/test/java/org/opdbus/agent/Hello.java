// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

/** The smallest Java program, as a reference for others. */
final class Hello {
    private Hello() {}

    public static void main(String[] arguments) {
        System.out.println("hello");
    }
}
