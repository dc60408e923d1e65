// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.service;

import io.reactivex.rxjava3.core.Single;
import java.util.ArrayList;
import java.util.List;

/**
 * A method of an interface.
 *
 * @param <T> what the object shows
 * @param otherNames names under which older programs know it; introspection does not show them
 * @param target the index of the argument that says what is changed; {@link #OBJECT} if the object itself is
 */
public record MethodSpec<T>(
        String name,
        List<String> otherNames,
        List<Argument> in,
        List<Argument> out,
        Access access,
        int target,
        Handler<T> handler) {
    static final int OBJECT = -1;

    /** Carries a method out. */
    @FunctionalInterface
    public interface Handler<T> {
        /**
         * Returns the results, one for each argument that the method gives, from any thread. Called on the event loop, so it must not
         * block. A failure that is no {@link org.opdbus.verticles.dbus.wire.BusErrorException} reaches the caller as {@code Failed}.
         */
        Single<List<Object>> call(T subject, Call call);
    }

    /** Copies the lists. */
    public MethodSpec {
        otherNames = List.copyOf(otherNames);
        in = List.copyOf(in);
        out = List.copyOf(out);
    }

    /** Begins the description of a method that needs {@link Access#READ}. */
    public static Draft named(String name, String... otherNames) {
        return new Draft(name, List.of(otherNames));
    }

    String signatureIn() {
        return Argument.signature(in);
    }

    String signatureOut() {
        return Argument.signature(out);
    }

    /** A description that is not complete. */
    public static final class Draft {
        private final String name;
        private final List<String> otherNames;
        private final List<Argument> in = new ArrayList<>();
        private final List<Argument> out = new ArrayList<>();
        private Access access = Access.READ;
        private int target = OBJECT;

        private Draft(String name, List<String> otherNames) {
            this.name = name;
            this.otherNames = otherNames;
        }

        /** Adds an argument that the method takes. */
        public Draft in(String argument, String type) {
            in.add(new Argument(argument, type));
            return this;
        }

        /** Adds an argument that the method gives. */
        public Draft out(String argument, String type) {
            out.add(new Argument(argument, type));
            return this;
        }

        /** Sets what a caller needs. */
        public Draft needs(Access needed) {
            access = needed;
            return this;
        }

        /** Says that the method changes what the last argument so far names. */
        public Draft changesThat() {
            target = in.size() - 1;
            return this;
        }

        /** Completes the description. */
        public <T> MethodSpec<T> does(Handler<T> handler) {
            return new MethodSpec<>(name, otherNames, in, out, access, target, handler);
        }
    }
}
