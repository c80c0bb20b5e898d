// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.unpack;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Extended attributes that a layer gives an entry, as PAX records `SCHILY.xattr.<name>`, which is where
/// containers/storage and Docker have them. Applied are:
///
/// - `user.*` on files and directories, but for `user.overlay.*`, by which an overlay takes what is in its layers for
///   deleted or moved;
/// - `security.capability` on files that belong to whom they should, as it lends rights like a set-user-id bit;
/// - `system.posix_acl_access` and `system.posix_acl_default`.
///
/// All others (`trusted.*`, labels of security modules) are this machine's to set, and are left out.
final class ExtendedAttributes {
    static final ExtendedAttributes NONE = new ExtendedAttributes(List.of());

    private static final String RECORD = "SCHILY.xattr.";
    private static final String CAPABILITY = "security.capability";
    /// Linux: `XATTR_NAME_MAX`.
    private static final int MAX_NAME_BYTES = 255;

    private final List<Attribute> attributes;

    private ExtendedAttributes(List<Attribute> attributes) {
        this.attributes = attributes;
    }

    /// Whether a record of an entry's PAX header is one of an attribute.
    static boolean isRecord(String keyword) {
        return keyword.startsWith(RECORD);
    }

    /// Those among the records of an entry.
    ///
    /// @throws OciException.LimitExceeded if the image has more bytes of them than it may
    static ExtendedAttributes of(Map<String, byte[]> records, UnpackBudget budget) {
        List<Attribute> attributes = new ArrayList<>();
        records.forEach((keyword, value) -> {
            if (isRecord(keyword)) {
                budget.takeAttributeBytes(keyword.length() + value.length);
                attributes.add(new Attribute(keyword.substring(RECORD.length()), value));
            }
        });
        return attributes.isEmpty() ? NONE : new ExtendedAttributes(List.copyOf(attributes));
    }

    /// Sets them on a file or directory; what is not applied, or what the file system refuses, is counted.
    ///
    /// @param owned whether the file belongs to whom it should
    void apply(Path path, boolean owned, UnpackBudget budget) {
        for (Attribute attribute : attributes) {
            if (!mayHave(path, attribute, owned)
                    || !FileSystemCalls.setAttribute(path, attribute.name, attribute.value)) {
                budget.countSkippedAttribute();
            }
        }
    }

    private static boolean mayHave(Path path, Attribute attribute, boolean owned) {
        if (attribute.name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME_BYTES
                || attribute.name.indexOf('\0') >= 0
                || Files.isSymbolicLink(path)) {
            return false;
        }
        return switch (attribute.name) {
            case CAPABILITY -> owned && Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
            case "system.posix_acl_access", "system.posix_acl_default" -> true;
            default -> attribute.name.startsWith("user.") && !attribute.name.startsWith("user.overlay.");
        };
    }

    private static final class Attribute {
        private final String name;
        private final byte[] value;

        private Attribute(String name, byte[] value) {
            this.name = name;
            this.value = value;
        }
    }
}
