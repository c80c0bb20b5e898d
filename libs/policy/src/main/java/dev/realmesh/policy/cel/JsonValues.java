// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.policy.cel;

import dev.cel.common.values.NullValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// JSON values as CEL takes them: its null is no Java `null`, at which it fails wherever that is.
final class JsonValues {
    private JsonValues() {}

    static Map<String, Object> of(Map<?, ?> object) {
        Map<String, Object> values = new LinkedHashMap<>();
        object.forEach((name, value) -> values.put(String.valueOf(name), of(value)));
        return values;
    }

    private static Object of(@Nullable Object value) {
        return switch (value) {
            case null -> NullValue.NULL_VALUE;
            case Map<?, ?> object -> of(object);
            case List<?> list -> {
                List<Object> values = new ArrayList<>(list.size());
                list.forEach(each -> values.add(of(each)));
                yield values;
            }
            default -> value;
        };
    }
}
