// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.unpack;

import dev.realmesh.oci.OciException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// The name of a tar entry, or of a hard link's target, as path components below the root. A leading `/` and `.`
/// components mean nothing; `..` is refused.
///
/// @param components none for the root itself
record EntryName(List<String> components) {
    private static final String WHITEOUT_PREFIX = ".wh.";
    private static final String OPAQUE = ".wh..wh..opq";
    private static final int MAX_COMPONENT_BYTES = 255;

    EntryName {
        components = List.copyOf(components);
    }

    static EntryName parse(String name, int maxBytes) {
        if (name.getBytes(StandardCharsets.UTF_8).length > maxBytes) {
            throw new OciException.LimitExceeded("bytes of an entry's name", maxBytes);
        }
        if (name.indexOf('\0') >= 0 || name.indexOf('\uFFFD') >= 0) {
            throw new OciException.HostileLayer("entry name: not UTF-8 without NUL (expected: such)");
        }
        List<String> components = new ArrayList<>();
        for (String component : name.split("/", -1)) {
            if (component.equals("..")) {
                throw new OciException.HostileLayer("entry name: " + shortened(name) + " (expected: no ..)");
            }
            if (component.getBytes(StandardCharsets.UTF_8).length > MAX_COMPONENT_BYTES) {
                throw new OciException.LimitExceeded("bytes of a component of an entry's name", MAX_COMPONENT_BYTES);
            }
            if (!component.isEmpty() && !component.equals(".")) {
                components.add(component);
            }
        }
        return new EntryName(components);
    }

    boolean isRoot() {
        return components.isEmpty();
    }

    List<String> parent() {
        return components.subList(0, components.size() - 1);
    }

    String last() {
        return components.getLast();
    }

    /// Whether the entry hides what lower layers have in its directory.
    boolean isOpaqueMarker() {
        return !isRoot() && last().equals(OPAQUE);
    }

    /// Whether the entry hides what lower layers have under [#hidden].
    boolean isWhiteout() {
        return !isRoot() && last().startsWith(WHITEOUT_PREFIX) && !isOpaqueMarker();
    }

    /// The name that a whiteout hides.
    ///
    /// @throws OciException.HostileLayer if that is nothing, `.` or `..`
    String hidden() {
        String hidden = last().substring(WHITEOUT_PREFIX.length());
        if (hidden.isEmpty() || hidden.equals(".") || hidden.equals("..")) {
            throw new OciException.HostileLayer("whiteout: " + last() + " (expected: .wh. and a name)");
        }
        return hidden;
    }

    private static String shortened(String name) {
        return name.length() <= 120 ? name : name.substring(0, 120) + "…";
    }
}
