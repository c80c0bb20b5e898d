// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.measure;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cli.measure.MeasurementDifference.Difference;
import dev.realmesh.host.vmm.devicetree.DeviceTree;
import dev.realmesh.host.vmm.plan.PlanException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Which properties of two device trees differ, and how.
final class DeviceTreeDifference {
    private static final int SHOWN_BYTES = 32;

    private DeviceTreeDifference() {}

    static List<Difference> between(String name, Bytes first, Bytes second) {
        if (first.equals(second)) {
            return List.of();
        }
        DeviceTree left;
        DeviceTree right;
        try {
            left = DeviceTree.read(first.toByteArray());
            right = DeviceTree.read(second.toByteArray());
        } catch (PlanException.BadDeviceTree e) {
            return List.of(new Difference(name, "other bytes", "other bytes"));
        }
        Set<Difference> differences = new LinkedHashSet<>();
        Set<String> paths = new LinkedHashSet<>(left.properties().keySet());
        paths.addAll(right.properties().keySet());
        for (String path : paths) {
            Bytes a = left.properties().get(path);
            Bytes b = right.properties().get(path);
            if (a != null && b != null && !a.equals(b)) {
                differences.add(new Difference(name + " " + path, shown(a), shown(b)));
            } else if (a != null && b == null) {
                differences.add(missing(name, path, right, a));
            } else if (a == null && b != null) {
                differences.add(missing(name, path, left, b).swapped());
            }
        }
        return differences.isEmpty()
                ? List.of(new Difference(name, "the same properties", "in another order, or padded"))
                : List.copyOf(differences);
    }

    /// A property that `other` lacks; the whole node if it lacks that.
    private static Difference missing(String name, String path, DeviceTree other, Bytes value) {
        for (int slash = path.indexOf('/', 1); slash > 0; slash = path.indexOf('/', slash + 1)) {
            String node = path.substring(0, slash);
            if (!other.nodes().contains(node)) {
                return new Difference(name + " " + node, "a node", "not there");
            }
        }
        return new Difference(name + " " + path, shown(value), "not there");
    }

    /// As `dtc` writes it: text, or cells.
    private static String shown(Bytes value) {
        if (isText(value)) {
            String text = new String(value.toByteArray(), 0, value.size() - 1, StandardCharsets.US_ASCII);
            return "\"" + text.replace("\0", "\", \"") + "\"";
        }
        byte[] bytes = value.toByteArray();
        int length = Math.min(bytes.length, SHOWN_BYTES);
        String more = length < bytes.length ? " … (%d bytes)".formatted(bytes.length) : "";
        return value.size() % Integer.BYTES == 0
                ? "<" + cells(bytes, length) + more + ">"
                : "[" + Bytes.copyOfRange(bytes, 0, length).hex() + more + "]";
    }

    private static boolean isText(Bytes value) {
        if (value.size() < 2 || value.at(value.size() - 1) != 0 || value.at(0) == 0) {
            return false;
        }
        for (int i = 0; i < value.size(); i++) {
            int c = value.at(i);
            boolean printable = c >= ' ' && c <= '~';
            boolean endsText = c == 0 && value.at(i - 1) != 0;
            if (!printable && !endsText) {
                return false;
            }
        }
        return true;
    }

    private static String cells(byte[] bytes, int length) {
        StringBuilder text = new StringBuilder();
        for (int at = 0; at < length; at += Integer.BYTES) {
            int cell = ByteBuffer.wrap(bytes).getInt(at);
            text.append(text.isEmpty() ? "0x" : " 0x").append(Integer.toHexString(cell));
        }
        return text.toString();
    }
}
