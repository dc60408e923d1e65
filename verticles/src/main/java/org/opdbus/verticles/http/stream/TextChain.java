// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.stream;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** Texts that are made one by one, as they are wanted, so that a long message is never whole in memory. For one thread. */
final class TextChain implements Iterator<String> {
    private final Deque<Iterator<String>> parts = new ArrayDeque<>();

    /** Adds a text. */
    TextChain text(String text) {
        parts.add(List.of(text).iterator());
        return this;
    }

    /** Adds all of these texts. */
    TextChain all(Iterator<String> texts) {
        parts.add(texts);
        return this;
    }

    /** Adds a list of values that are JSON already. */
    TextChain list(Iterator<String> values) {
        parts.add(new Separated(values));
        return this;
    }

    @Override
    public boolean hasNext() {
        while (!parts.isEmpty() && !parts.element().hasNext()) {
            parts.remove();
        }
        return !parts.isEmpty();
    }

    @Override
    public String next() {
        if (!hasNext()) {
            throw new NoSuchElementException("the text is at its end");
        }
        return parts.element().next();
    }

    /** {@code [a,b]}. */
    private static final class Separated implements Iterator<String> {
        private final Iterator<String> values;
        private String before = "[";
        private boolean isOver;

        private Separated(Iterator<String> values) {
            this.values = values;
        }

        @Override
        public boolean hasNext() {
            return !isOver;
        }

        @Override
        public String next() {
            if (isOver) {
                throw new NoSuchElementException("the list is at its end");
            }
            if (values.hasNext()) {
                String text = before + values.next();
                before = ",";
                return text;
            }
            isOver = true;
            return before.equals("[") ? "[]" : "]";
        }
    }
}
