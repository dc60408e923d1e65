// SPDX-License-Identifier: Apache-2.0
package groovy.lang;

/**
 * Nothing but the name of Groovy's class. picocli asks for it whenever it is used, and to find that it is nowhere Java
 * opens and indexes every library: a fifth of the processor time of a short command. Nothing here is written in Groovy, and
 * picocli, which looks whether an object is one of these, finds that none is.
 */
final class Closure {
    private Closure() {}
}
