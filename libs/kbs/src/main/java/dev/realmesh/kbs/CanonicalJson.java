// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.kbs;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Iterator;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/// The JSON Canonicalization Scheme (RFC 8785): one text for one value, so that both ends hash the same bytes.
public final class CanonicalJson {
    private CanonicalJson() {}

    /// The canonical text of a value.
    ///
    /// @throws KbsException.Malformed if it holds what I-JSON does not: a number beyond double, half a surrogate pair
    public static String of(JsonNode value) {
        StringBuilder out = new StringBuilder();
        write(value, out);
        return out.toString();
    }

    private static void write(JsonNode value, StringBuilder out) {
        switch (value.getNodeType()) {
            case OBJECT -> writeObject(value, out);
            case ARRAY -> writeArray(value, out);
            case STRING -> writeString(value.stringValue(), out);
            case NUMBER -> out.append(number(value.doubleValue()));
            case BOOLEAN -> out.append(value.booleanValue());
            case NULL -> out.append("null");
            default -> throw new KbsException.Malformed("JSON", value.getNodeType() + " (expected: a JSON value)");
        }
    }

    /// Members sorted by UTF-16 code units (section 3.2.3), which is how Java compares strings.
    private static void writeObject(JsonNode object, StringBuilder out) {
        String separator = "{";
        for (String name : new TreeSet<>(object.propertyNames())) {
            out.append(separator);
            writeString(name, out);
            out.append(':');
            write(object.required(name), out);
            separator = ",";
        }
        out.append(object.isEmpty() ? "{}" : "}");
    }

    private static void writeArray(JsonNode array, StringBuilder out) {
        out.append('[');
        for (Iterator<JsonNode> items = array.iterator(); items.hasNext(); ) {
            write(items.next(), out);
            if (items.hasNext()) {
                out.append(',');
            }
        }
        out.append(']');
    }

    /// Section 3.2.2.2: the short escapes, a four-digit hexadecimal one for other control characters, all else as it
    /// is.
    private static void writeString(String text, StringBuilder out) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\b' -> out.append("\\b");
                case '\t' -> out.append("\\t");
                case '\n' -> out.append("\\n");
                case '\f' -> out.append("\\f");
                case '\r' -> out.append("\\r");
                default -> writeCharacter(text, i, out);
            }
        }
        out.append('"');
    }

    private static void writeCharacter(String text, int index, StringBuilder out) {
        char c = text.charAt(index);
        boolean paired = Character.isHighSurrogate(c)
                ? index + 1 < text.length() && Character.isLowSurrogate(text.charAt(index + 1))
                : !Character.isLowSurrogate(c) || (index > 0 && Character.isHighSurrogate(text.charAt(index - 1)));
        if (!paired) {
            throw new KbsException.Malformed("JSON string", "half a surrogate pair (expected: Unicode text)");
        }
        if (c < 0x20) {
            out.append(String.format("\\u%04x", (int) c));
        } else {
            out.append(c);
        }
    }

    /// ECMA-262 `Number::toString` (section 3.2.2.3) over the shortest digits that read back as the same double.
    private static String number(double value) {
        if (Double.isInfinite(value) || Double.isNaN(value)) {
            throw new KbsException.Malformed("JSON number", "out of range (expected: a double)");
        }
        if (value == 0) {
            return "0";
        }
        BigDecimal shortest = shortest(Math.abs(value));
        String digits = shortest.unscaledValue().toString();
        int point = digits.length() - shortest.scale();
        return (value < 0 ? "-" : "") + placePoint(digits, point);
    }

    /// `Double.toString` gives the shortest digits, but never less than two.
    private static BigDecimal shortest(double value) {
        BigDecimal digits = new BigDecimal(Double.toString(value)).stripTrailingZeros();
        BigDecimal oneDigit = digits.round(new MathContext(1, RoundingMode.HALF_EVEN));
        return oneDigit.doubleValue() == value ? oneDigit.stripTrailingZeros() : digits;
    }

    private static String placePoint(String digits, int point) {
        int count = digits.length();
        if (point > 21 || point <= -6) {
            String fraction = count == 1 ? "" : "." + digits.substring(1);
            return digits.charAt(0) + fraction + "e" + (point > 0 ? "+" : "-") + Math.abs(point - 1);
        }
        if (point <= 0) {
            return "0." + "0".repeat(-point) + digits;
        }
        if (point >= count) {
            return digits + "0".repeat(point - count);
        }
        return digits.substring(0, point) + "." + digits.substring(point);
    }
}
