// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.dbus.wire;

import java.util.List;

/** A complete type of the D-Bus type system (section "Type System"). Immutable. */
sealed interface ValueType {
    /** Returns the multiple of bytes at which a value of this type begins. */
    int alignment();

    /** Returns the smallest number of bytes that a value of this type takes, without padding. */
    int bytesMin();

    /**
     * A type with a code of one letter.
     *
     * @param code one of {@code ybnqiuxtdsogvh}
     */
    record Basic(char code) implements ValueType {
        @Override
        public int alignment() {
            return switch (code) {
                case 'y', 'g', 'v' -> 1;
                case 'n', 'q' -> 2;
                case 'x', 't', 'd' -> 8;
                default -> 4;
            };
        }

        @Override
        public int bytesMin() {
            return switch (code) {
                case 'y' -> 1;
                case 'n', 'q', 'g' -> 2;
                case 'x', 't', 'd' -> 8;
                case 's', 'o' -> 5;
                default -> 4;
            };
        }

        /** Returns whether it may be the key of a dictionary. */
        boolean isKey() {
            return code != 'v';
        }
    }

    /** An array whose elements are no dictionary entries. */
    record ArrayOf(ValueType element) implements ValueType {
        @Override
        public int alignment() {
            return 4;
        }

        @Override
        public int bytesMin() {
            return 4;
        }
    }

    /** An array of dictionary entries. */
    record DictionaryOf(Basic key, ValueType value) implements ValueType {
        @Override
        public int alignment() {
            return 4;
        }

        @Override
        public int bytesMin() {
            return 4;
        }
    }

    /** A structure with at least one field. */
    record StructOf(List<ValueType> fields) implements ValueType {
        public StructOf {
            fields = List.copyOf(fields);
        }

        @Override
        public int alignment() {
            return 8;
        }

        @Override
        public int bytesMin() {
            return fields.stream().mapToInt(ValueType::bytesMin).sum();
        }
    }
}
