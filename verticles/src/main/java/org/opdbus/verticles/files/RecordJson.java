// SPDX-License-Identifier: Apache-2.0
package org.opdbus.verticles.files;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Records as JSON, and back: a record is an object with a key for each component, and a record of a sealed family also has its name
 * under {@code type}. Components are text, whole numbers, booleans, enums, durations, times, records, and lists and optionals of those.
 */
public final class RecordJson {
    private static final String TYPE = "type";

    private RecordJson() {}

    /** Writes a record. */
    public static JsonObject write(Record value) {
        JsonObject object = new JsonObject();
        if (value.getClass().getInterfaces().length > 0) {
            object.put(TYPE, value.getClass().getSimpleName());
        }
        for (RecordComponent component : value.getClass().getRecordComponents()) {
            try {
                Object written = writeValue(component.getAccessor().invoke(value));
                if (written != null) {
                    object.put(component.getName(), written);
                }
            } catch (IllegalAccessException | InvocationTargetException e) {
                throw new IllegalStateException("cannot read " + component, e);
            }
        }
        return object;
    }

    private static @Nullable Object writeValue(Object value) {
        if (value instanceof Record inner) {
            return write(inner);
        }
        if (value instanceof List<?> list) {
            JsonArray array = new JsonArray();
            list.forEach(element -> array.add(writeValue(element)));
            return array;
        }
        if (value instanceof Optional<?> optional) {
            return optional.map(RecordJson::writeValue).orElse(null);
        }
        if (value instanceof Enum<?> || value instanceof Duration || value instanceof Instant) {
            return value.toString();
        }
        return value;
    }

    /**
     * Reads a record of this type. A boolean that is missing is false.
     *
     * @throws IllegalArgumentException if the object has another form
     */
    public static <T> T read(Class<T> type, JsonObject object) {
        return type.cast(readValue(type, object));
    }

    private static Object readValue(Type type, @Nullable Object value) {
        if (type == boolean.class && value == null) {
            // A former version did not have this component yet.
            return false;
        }
        if (type instanceof ParameterizedType generic) {
            Type element = generic.getActualTypeArguments()[0];
            if (generic.getRawType() == Optional.class) {
                return Optional.ofNullable(value).map(present -> readValue(element, present));
            }
            if (generic.getRawType() == List.class && value instanceof JsonArray array) {
                return array.stream().map(each -> readValue(element, each)).toList();
            }
        } else if (type instanceof Class<?> plain && value != null) {
            return readPlain(plain, value);
        }
        throw new IllegalArgumentException("a value of " + type.getTypeName() + " is missing or of another form");
    }

    private static Object readPlain(Class<?> type, Object value) {
        if (value instanceof JsonObject object) {
            Class<?> exact = type.isRecord() ? type : member(type, object);
            return construct(exact, object);
        }
        if (value instanceof Number number) {
            if (type == int.class || type == Integer.class) {
                return Math.toIntExact(number.longValue());
            }
            if (type == long.class || type == Long.class) {
                return number.longValue();
            }
        }
        if ((value instanceof Boolean && type == boolean.class) || type.isInstance(value)) {
            return value;
        }
        if (value instanceof String text) {
            if (type == Duration.class) {
                return Duration.parse(text);
            }
            if (type == Instant.class) {
                return Instant.parse(text);
            }
            if (type.isEnum()) {
                return constant(type, text);
            }
        }
        throw new IllegalArgumentException("a value of " + type.getName() + " has another form");
    }

    private static Object constant(Class<?> type, String name) {
        return Stream.of(type.getEnumConstants())
                .filter(constant -> constant.toString().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no " + type.getName() + " " + name));
    }

    private static Class<?> member(Class<?> family, JsonObject object) {
        Class<?>[] members = family.getPermittedSubclasses();
        return Stream.ofNullable(members)
                .flatMap(Stream::of)
                .filter(member -> member.getSimpleName().equals(object.getValue(TYPE)))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException("there is no " + family.getName() + " " + object.getValue(TYPE)));
    }

    private static Object construct(Class<?> type, JsonObject object) {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        Object[] values = Arrays.stream(components)
                .map(each -> readValue(each.getGenericType(), object.getValue(each.getName())))
                .toArray();
        try {
            Constructor<?> constructor = type.getDeclaredConstructor(types);
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException("cannot make a " + type.getName(), e);
        }
    }
}
