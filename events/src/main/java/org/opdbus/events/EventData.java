// SPDX-License-Identifier: Apache-2.0
package org.opdbus.events;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.net.InetAddress;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Converts a record into JSON types, component by component, so that no event needs code for it.
 */
final class EventData {
    private EventData() {}

    static Map<String, Object> of(Object bean) {
        Map<String, Object> data = new LinkedHashMap<>();
        for (RecordComponent component : bean.getClass().getRecordComponents()) {
            Object value = json(read(bean, component));
            if (value != null) {
                data.put(component.getName(), value);
            }
        }
        return data;
    }

    private static Object read(Object bean, RecordComponent component) {
        try {
            return component.getAccessor().invoke(bean);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException("the accessor of a public record failed: " + component, e);
        }
    }

    /** Returns a value as JSON types; null if it is absent. */
    private static @Nullable Object json(@Nullable Object value) {
        if (value == null || value instanceof String || value instanceof Number || value instanceof Boolean) {
            return value;
        }
        if (value.equals(Workload.Asked.NOTHING)) {
            // A container without labels of ours: nothing is the same as no answer.
            return null;
        }
        if (value instanceof Optional<?> optional) {
            return optional.map(EventData::json).orElse(null);
        }
        if (value instanceof OptionalInt optional) {
            return optional.isPresent() ? optional.getAsInt() : null;
        }
        if (value instanceof OptionalLong optional) {
            return optional.isPresent() ? optional.getAsLong() : null;
        }
        if (value instanceof Enum<?> constant) {
            return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
        if (value instanceof Collection<?> items) {
            return items.stream().map(EventData::json).toList();
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> object = new LinkedHashMap<>();
            map.forEach((key, item) -> {
                Object converted = json(item);
                if (converted != null) {
                    object.put(key.toString(), converted);
                }
            });
            return object;
        }
        if (value instanceof InetAddress address) {
            return address.getHostAddress();
        }
        if (value instanceof LinkName || value instanceof ContainerId) {
            return value.toString();
        }
        if (value instanceof Record record) {
            return of(record);
        }
        throw new IllegalStateException("an event holds a value that has no JSON form: " + value.getClass());
    }
}
