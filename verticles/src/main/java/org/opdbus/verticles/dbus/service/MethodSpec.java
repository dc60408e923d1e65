// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.service;

import io.reactivex.rxjava3.core.Single;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A method of an interface.
 *
 * @param <T> what the object shows
 * @param otherNames names under which older programs know it; introspection does not show them
 * @param target says what is changed, for the record; the object itself if the description does not say it
 */
public record MethodSpec<T>(
        String name,
        List<String> otherNames,
        List<Argument> in,
        List<Argument> out,
        Access access,
        Target<T> target,
        Handler<T> handler) {
    /** Says what a call changes. */
    @FunctionalInterface
    public interface Target<T> {
        /** Returns the name of what is changed. */
        String of(T subject, Call call);
    }

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

    /** Returns the same method, which changes what the object shows. */
    public MethodSpec<T> changing(Function<T, String> named) {
        return new MethodSpec<>(name, otherNames, in, out, access, (subject, call) -> named.apply(subject), handler);
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
        private int target = -1;

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
            int index = target;
            Target<T> named = (subject, call) -> index < 0 ? call.path().value() : call.text(index);
            return new MethodSpec<>(name, otherNames, in, out, access, named, handler);
        }
    }
}
