// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci;

import java.util.List;
import java.util.Map;

/// What an image says about how it is run, and the digests of its plain, uncompressed layers: OCI image configuration.
///
/// @param platform what it was built for
/// @param diffIds digest of each layer's tar archive, lowest first
/// @param runDefaults defaults for the container's process
public record ImageConfig(Platform platform, List<OciDigest> diffIds, RunDefaults runDefaults) {
    /// Largest configuration that is read, in bytes.
    public static final int MAX_BYTES = 4 << 20;

    public ImageConfig {
        diffIds = List.copyOf(diffIds);
    }

    /// Reads a configuration.
    ///
    /// @throws OciException if it is not one, or passes [#MAX_BYTES]
    public static ImageConfig parse(byte[] json) {
        JsonDocument document = JsonDocument.parse("image configuration", json, MAX_BYTES);
        List<String> diffIds = document.object("rootfs").texts("diff_ids");
        return new ImageConfig(
                Platform.read(document),
                diffIds.stream().map(OciDigest::parse).toList(),
                document.optionalObject("config").map(RunDefaults::read).orElse(RunDefaults.NONE));
    }

    /// Defaults for the container's process; empty is "not set".
    ///
    /// @param user `user`, `uid`, `user:group` or `uid:gid`
    /// @param environment `NAME=value`, in order
    /// @param entrypoint the command's fixed part
    /// @param command the arguments that a caller may replace
    /// @param workingDirectory absolute path in the container
    /// @param labels free-form
    /// @param stopSignal such as `SIGTERM`
    /// @param exposedPorts such as `8443/tcp`
    /// @param volumes absolute paths in the container
    public record RunDefaults(
            String user,
            List<String> environment,
            List<String> entrypoint,
            List<String> command,
            String workingDirectory,
            Map<String, String> labels,
            String stopSignal,
            List<String> exposedPorts,
            List<String> volumes) {
        /// Nothing set.
        public static final RunDefaults NONE =
                new RunDefaults("", List.of(), List.of(), List.of(), "", Map.of(), "", List.of(), List.of());

        public RunDefaults {
            environment = List.copyOf(environment);
            entrypoint = List.copyOf(entrypoint);
            command = List.copyOf(command);
            labels = Map.copyOf(labels);
            exposedPorts = List.copyOf(exposedPorts);
            volumes = List.copyOf(volumes);
        }

        private static RunDefaults read(JsonDocument json) {
            return new RunDefaults(
                    json.optionalText("User").orElse(""),
                    json.texts("Env"),
                    json.texts("Entrypoint"),
                    json.texts("Cmd"),
                    json.optionalText("WorkingDir").orElse(""),
                    json.textsByName("Labels"),
                    json.optionalText("StopSignal").orElse(""),
                    names(json, "ExposedPorts"),
                    names(json, "Volumes"));
        }

        private static List<String> names(JsonDocument json, String set) {
            return json.optionalObject(set).map(JsonDocument::names).orElse(List.of());
        }
    }
}
