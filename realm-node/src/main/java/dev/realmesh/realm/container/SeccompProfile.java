// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.container;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Which system calls the processes of a container may make (runtime-spec 1.0.2, `linux.seccomp`): `seccomp.json`
/// beside
/// this class. Calls that administer the machine or make namespaces are EPERM; those that it does not know are ENOSYS,
/// as
/// on a kernel without them, and so is `clone3`, whose flags no filter can see. The sockets that lead to a host,
/// AF_VSOCK,
/// are EPERM.
final class SeccompProfile {
    private static final ObjectNode PROFILE = read();

    private SeccompProfile() {}

    /// The profile for this machine's kernel.
    static ObjectNode ofThisMachine() {
        ObjectNode profile = PROFILE.deepCopy();
        ArrayNode architectures = profile.putArray("architectures");
        architectures(System.getProperty("os.arch")).forEach(architectures::add);
        return profile;
    }

    /// All whose calls a kernel takes.
    private static List<String> architectures(String machine) {
        return switch (machine) {
            case "amd64" -> List.of("SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32");
            case "aarch64" -> List.of("SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM");
            default -> List.of();
        };
    }

    private static ObjectNode read() {
        try (InputStream json = Objects.requireNonNull(SeccompProfile.class.getResourceAsStream("seccomp.json"))) {
            return (ObjectNode) new JsonMapper().readTree(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
