// SPDX-License-Identifier: Apache-2.0
package org.opdbus.agent;

/** The least that a Java program can be, to hold others against. */
final class Hello {
    private Hello() {}

    public static void main(String[] arguments) {
        System.out.println("hello");
    }
}
