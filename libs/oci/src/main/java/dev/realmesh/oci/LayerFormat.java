// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci;

/// What a layer's media type says about its bytes: compressed how, and encrypted or not. Encrypted zstd layers
/// (`…tar+zstd+encrypted`), which skopeo writes, are read too.
///
/// @param compression of the tar archive, inside the encryption
/// @param encrypted whether the layer is encrypted by ocicrypt's rules
public record LayerFormat(Compression compression, boolean encrypted) {
    private static final String OCI_LAYER = "application/vnd.oci.image.layer.v1.tar";
    private static final String OCI_NONDISTRIBUTABLE = "application/vnd.oci.image.layer.nondistributable.v1.tar";
    private static final String DOCKER_LAYER = "application/vnd.docker.image.rootfs.diff.tar";
    private static final String DOCKER_FOREIGN = "application/vnd.docker.image.rootfs.foreign.diff.tar";
    private static final String ENCRYPTED = "+encrypted";

    /// Reads a media type.
    ///
    /// @throws OciException.Unsupported if it is not that of a layer
    public static LayerFormat of(String mediaType) {
        if (mediaType.startsWith(DOCKER_LAYER) || mediaType.startsWith(DOCKER_FOREIGN)) {
            String suffix = mediaType.substring(mediaType.indexOf("diff.tar") + "diff.tar".length());
            return new LayerFormat(compression(mediaType, suffix.replace('.', '+')), false);
        }
        boolean encrypted = mediaType.endsWith(ENCRYPTED);
        String inner = encrypted ? mediaType.substring(0, mediaType.length() - ENCRYPTED.length()) : mediaType;
        for (String base : new String[] {OCI_LAYER, OCI_NONDISTRIBUTABLE}) {
            if (inner.startsWith(base)) {
                return new LayerFormat(compression(mediaType, inner.substring(base.length())), encrypted);
            }
        }
        throw unsupported(mediaType);
    }

    /// The media type of the same layer after encryption, which Docker's types do not have: it becomes OCI's.
    ///
    /// @throws OciException.Unsupported if `mediaType` is not that of a plain layer
    public static String encrypted(String mediaType) {
        LayerFormat format = of(mediaType);
        if (format.encrypted) {
            throw new OciException.Unsupported("layer media type: " + mediaType + " (expected: one not yet encrypted)");
        }
        return oci(mediaType) + ENCRYPTED;
    }

    /// The same media type as OCI has it, instead of Docker's.
    ///
    /// @throws OciException.Unsupported if `mediaType` is not that of a layer
    public static String oci(String mediaType) {
        LayerFormat format = of(mediaType);
        boolean foreign = mediaType.startsWith(OCI_NONDISTRIBUTABLE) || mediaType.startsWith(DOCKER_FOREIGN);
        return (foreign ? OCI_NONDISTRIBUTABLE : OCI_LAYER)
                + format.compression.suffix
                + (format.encrypted ? ENCRYPTED : "");
    }

    private static Compression compression(String mediaType, String suffix) {
        for (Compression compression : Compression.values()) {
            if (compression.suffix.equals(suffix)) {
                return compression;
            }
        }
        throw unsupported(mediaType);
    }

    private static OciException.Unsupported unsupported(String mediaType) {
        return new OciException.Unsupported("layer media type: " + mediaType + " (expected: " + OCI_LAYER
                + "[+gzip|+zstd][+encrypted] or its Docker form)");
    }

    /// How a layer's tar archive is compressed.
    public enum Compression {
        NONE(""),
        GZIP("+gzip"),
        ZSTD("+zstd");

        private final String suffix;

        Compression(String suffix) {
            this.suffix = suffix;
        }
    }
}
