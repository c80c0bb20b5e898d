// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.host.firmware.image;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.token.SoftwareComponent;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.stream.Stream;

/// The components of the platform's trusted base and the packages that implement each. A component's measurement is the
/// SHA-256 over the bytes of the classes that this process loads for it, so that changed code gives another token.
public enum FirmwareImage {
    /// What stands for silicon: memory, granule protection, memory encryption, processors, and how it is wired.
    HARDWARE("HW_CONFIG", "firmware machine machine.guest machine.guest.firmware"),
    /// The root of trust that keeps measurements and the platform attestation key, and what measures.
    RUNTIME_SECURITY_ENGINE("RSE_S", "firmware.hes firmware.image"),
    /// The boot ROM of the application processors.
    BL1("AP_BL1", "firmware.bl1"),
    /// The stage that loads and measures what stays.
    BL2("AP_BL2", "firmware.bl2"),
    /// The secure monitor at EL3.
    BL31("AP_BL31", "firmware.bl31"),
    /// The Realm Management Monitor, with the formats that it writes.
    RMM("RMM", "rmm rmm.attestation rmm.census rmm.granule rmm.monitor rmm.realm" + " rmm.rec rmm.rmi rmm.rsi rmm.rtt");

    /// What stands for the signer of components that nobody signed: the hash of a text that says so.
    public static final Bytes NO_SIGNER =
            Bytes.copyOf(sha256().digest("realmesh emulated firmware, not signed".getBytes(StandardCharsets.UTF_8)));

    private static final String ROOT = "dev.realmesh.host.";
    private static final List<String> FORMATS = List.of(
            "dev.realmesh.cca",
            "dev.realmesh.cca.abi",
            "dev.realmesh.cca.cose",
            "dev.realmesh.cca.measurement",
            "dev.realmesh.cca.token");
    private static final String VERSION = "0.1.0";
    private static final String HASH_ALGORITHM = "sha-256";

    private final String type;
    private final String packages;

    FirmwareImage(String type, String packages) {
        this.type = type;
        this.packages = packages;
    }

    /// All images, in the order in which they are measured.
    public static List<FirmwareImage> bootOrder() {
        return List.of(values());
    }

    /// Names of the packages of host-node that implement this.
    public List<String> packages() {
        return Stream.of(packages.split(" ", -1)).map(name -> ROOT + name).toList();
    }

    /// The component as a token tells it, measured now.
    ///
    /// @throws FirmwareException.Unmeasurable if code cannot be read
    public SoftwareComponent component() {
        MessageDigest hash = sha256();
        Stream<CodePackage> own = packages().stream().map(name -> new CodePackage(FirmwareImage.class, name));
        Stream<CodePackage> formats = FORMATS.stream().map(name -> new CodePackage(Bytes.class, name));
        Stream.concat(own, this == RMM ? formats : Stream.empty()).forEach(code -> code.addTo(hash));
        return new SoftwareComponent(type, Bytes.copyOf(hash.digest()), VERSION, NO_SIGNER, HASH_ALGORITHM);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("SHA-256: missing (expected: every JDK has it)", e);
        }
    }
}
