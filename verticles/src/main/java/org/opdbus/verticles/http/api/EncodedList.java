// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.http.api;

import io.vertx.core.json.JsonObject;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A list that is encoded object by object, so that the objects of a large one are not all there at once. For one thread. */
final class EncodedList {
    private static final byte[] BEGIN = bytes("\"items\":[\n");
    private static final byte[] BETWEEN = bytes(",\n");
    private static final byte[] END = bytes("\n]}\n");

    private final List<Item> items = new ArrayList<>();

    // A carrier that is never compared; a list of bytes would cost a copy.
    @SuppressWarnings("ArrayRecordComponent")
    private record Item(String key, byte[] json) {}

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    void add(JsonObject object) {
        items.add(new Item(object.getString("key"), bytes(object.encode())));
    }

    /** Returns the text of the list, which begins with {@code head}; the objects are sorted by their keys. */
    byte[] body(String head) {
        byte[] first = bytes(head);
        items.sort(Comparator.comparing(Item::key));
        long length = (long) first.length + BEGIN.length + END.length;
        for (Item item : items) {
            length += item.json().length + BETWEEN.length;
        }
        ByteBuffer body = ByteBuffer.allocate(Math.toIntExact(length - (items.isEmpty() ? 0 : BETWEEN.length)));
        body.put(first).put(BEGIN);
        for (int i = 0; i < items.size(); i++) {
            body.put(i == 0 ? new byte[0] : BETWEEN).put(items.get(i).json());
        }
        return body.put(END).array();
    }
}
