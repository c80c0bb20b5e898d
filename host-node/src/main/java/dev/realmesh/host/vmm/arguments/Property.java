// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.vmm.arguments;

import dev.realmesh.host.vmm.plan.PlanException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// One of the properties that an option's value lists, as in `size=1G,slots=2`.
///
/// @param name its name, or the whole if it has no value
/// @param value its value, if it has one
public record Property(String name, Optional<String> value) {
    /// All properties of a list.
    public static List<Property> list(String list) {
        return Arrays.stream(list.split(",", -1)).map(Property::of).toList();
    }

    /// All properties of a list, each of which must have a value.
    ///
    /// @throws PlanException.BadArguments if one has none
    public static List<Property> valued(String option, String list) {
        List<Property> properties = list(list);
        properties.forEach(property -> property.requireValue(option));
        return properties;
    }

    private static Property of(String text) {
        int equals = text.indexOf('=');
        return equals < 0
                ? new Property(text, Optional.empty())
                : new Property(text.substring(0, equals), Optional.of(text.substring(equals + 1)));
    }

    /// Its value.
    ///
    /// @throws PlanException.BadArguments if it has none
    public String requireValue(String option) {
        return value.orElseThrow(
                () -> new PlanException.BadArguments("%s: %s (expected: name=value)".formatted(option, name)));
    }
}
