// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci;

import java.util.Locale;

/// What an image runs on, in Go's words: OCI image index specification, `platform`.
///
/// @param os such as `linux`; empty if not known
/// @param architecture such as `arm64`; empty if not known
/// @param variant such as `v8`; empty if none
public record Platform(String os, String architecture, String variant) {
    /// Of a manifest that does not say.
    public static final Platform UNKNOWN = new Platform("", "", "");

    /// The platform of this process.
    public static Platform current() {
        String machine = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        return switch (machine) {
            case "aarch64" -> new Platform("linux", "arm64", "v8");
            case "amd64", "x86_64" -> new Platform("linux", "amd64", "");
            default -> new Platform("linux", machine, "");
        };
    }

    static Platform read(JsonDocument json) {
        return new Platform(
                json.optionalText("os").orElse(""),
                json.optionalText("architecture").orElse(""),
                json.optionalText("variant").orElse(""));
    }

    /// Whether an image for `offered` runs here; `v8` is what `arm64` without a variant means.
    boolean accepts(Platform offered) {
        return os.equals(offered.os)
                && architecture.equals(offered.architecture)
                && (variant.isEmpty() || offered.variant.isEmpty() || variant.equals(offered.variant));
    }
}
