// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.command;

import dev.realmesh.oci.BlobSource;
import dev.realmesh.oci.Descriptor;
import dev.realmesh.oci.ImageSink;
import dev.realmesh.oci.Index;
import dev.realmesh.oci.Manifest;
import dev.realmesh.oci.MediaTypes;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.OciException;
import dev.realmesh.oci.Platform;
import dev.realmesh.oci.Reference;
import dev.realmesh.oci.ReferrerDescriptor;
import dev.realmesh.oci.layout.OciLayout;
import dev.realmesh.oci.layout.OciLayoutWriter;
import dev.realmesh.oci.registry.AuthFiles;
import dev.realmesh.oci.registry.ClientOptions;
import dev.realmesh.oci.registry.CredentialHelpers;
import dev.realmesh.oci.registry.FetchedManifest;
import dev.realmesh.oci.registry.RegistryClient;
import dev.realmesh.oci.registry.Route;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// Opens the places that images are read from and written to: image layouts, and registries, with the logins of the
/// files that podman, skopeo and docker write.
public final class ImagePlaces {
    private static final Pattern LOOPBACK = Pattern.compile("(localhost|127(\\.\\d{1,3}){3}|\\[::1])(:\\d+)?");

    @Option(
            names = {"--endpoint", "--registry"},
            paramLabel = "URL",
            description = "Registry of references without one, as URL or HOST:PORT (default: that of the mesh that `up`"
                    + " started).")
    private String registry = "";

    @Option(
            names = "--plain-http",
            description =
                    "The registry has no TLS (on loopback that is so anyway, unless its URL or --ca-file says that"
                            + " it has).")
    private boolean plainHttp;

    @Option(
            names = "--ca-file",
            paramLabel = "FILE",
            description = "Certificates (PEM) that a registry's may lead up to, besides Java's (default:"
                    + " $REALMESH_CA_FILE).")
    private @Nullable Path caFile;

    @Option(
            names = "--authfile",
            paramLabel = "FILE",
            description = "Logins at registries, and the credential helpers that have some (default:"
                    + " $REGISTRY_AUTH_FILE, or the files of podman, skopeo and docker).")
    private @Nullable Path authFile;

    private final Caller caller;

    /// The places that a caller's options and environment name.
    public ImagePlaces(Caller caller) {
        this.caller = caller;
    }

    /// Those of a caller, and the registry of a mesh in this process.
    public static ImagePlaces onLoopback(Caller caller, int registryPort) {
        ImagePlaces places = new ImagePlaces(caller);
        places.registry = "http://127.0.0.1:" + registryPort;
        return places;
    }

    /// One image's place.
    public interface Place extends AutoCloseable {
        /// Where its blobs are read from.
        BlobSource source();

        /// The image: a manifest or an index.
        Descriptor image() throws IOException;

        /// Where it is written to.
        ImageSink sink() throws IOException;

        /// The image's name, as it was given.
        ///
        /// @throws CommandException.WrongUse if it has none, being in a folder
        default Reference reference() {
            throw isFolder();
        }

        /// Another image of the same repository; closed with this one.
        ///
        /// @throws CommandException.WrongUse if there can be none
        default Place beside(Reference.Version version) {
            throw isFolder();
        }

        /// What its repository says is about a manifest.
        ///
        /// @throws CommandException.WrongUse if there can be none
        default List<ReferrerDescriptor> referrers(OciDigest subject) {
            throw isFolder();
        }

        /// The image's manifest for a platform.
        default Descriptor manifest(Platform platform) throws IOException {
            Descriptor image = image();
            return MediaTypes.isIndex(image.mediaType())
                    ? Index.parse(source().read(image, Manifest.MAX_BYTES)).choose(platform)
                    : image;
        }

        @Override
        default void close() {}

        private static CommandException isFolder() {
            return new CommandException.WrongUse("oci: is a folder (expected: an image in a registry)");
        }
    }

    /// Opens a place; nothing is read or written yet.
    ///
    /// @param place `oci:FOLDER[:NAME]`, or a reference, which may begin with `docker://`
    public Place open(String place) {
        if (place.startsWith("oci:")) {
            String rest = place.substring("oci:".length());
            int colon = rest.lastIndexOf(':');
            return colon < 0
                    ? new Layout(Path.of(rest), "")
                    : new Layout(Path.of(rest.substring(0, colon)), rest.substring(colon + 1));
        }
        Reference named = reference(place.startsWith("docker://") ? place.substring("docker://".length()) : place);
        Reference full = named.registry().isEmpty()
                ? new Reference(ownRegistry().getAuthority(), named.repository(), named.version())
                : named;
        Set<String> without = isPlain(full.registry()) ? Set.of(full.registry()) : Set.of();
        ClientOptions options = ClientOptions.of(without)
                .withLogins(authFiles().withHelpers(CredentialHelpers.of(caller.environment())))
                .withRoute(route());
        return new Remote(new RegistryClient(options, InstantSource.system()), full, named);
    }

    /// Whether a registry has no TLS: as its URL says, or, where that is not known, if it is on loopback and no
    /// certificates are named for it.
    private boolean isPlain(String host) {
        return plainHttp
                || knownRegistry()
                        .filter(own -> own.getAuthority().equals(host))
                        .map(own -> "http".equals(own.getScheme()))
                        .orElseGet(() ->
                                LOOPBACK.matcher(host).matches() && trustedBy().isEmpty());
    }

    private Route route() {
        try {
            Optional<Path> trust = trustedBy();
            return trust.isPresent() ? Route.believing(trust.get()) : Route.DIRECT;
        } catch (IOException e) {
            throw new CommandException("--ca-file: " + e.getMessage(), e);
        }
    }

    private Optional<Path> trustedBy() {
        return Optional.ofNullable(caFile).or(() -> caller.path("REALMESH_CA_FILE"));
    }

    /// A file that is named must be there; others may be.
    private AuthFiles authFiles() {
        Optional<Path> named = Optional.ofNullable(authFile).or(() -> caller.path("REGISTRY_AUTH_FILE"));
        if (named.isPresent()) {
            return AuthFiles.of(named.get());
        }
        return new AuthFiles(Stream.of(
                        file("XDG_RUNTIME_DIR", "containers/auth.json"),
                        file("XDG_CONFIG_HOME", "containers/auth.json"),
                        file("HOME", ".config/containers/auth.json"),
                        file("DOCKER_CONFIG", "config.json"),
                        file("HOME", ".docker/config.json"))
                .flatMap(Optional::stream)
                .toList());
    }

    private Optional<Path> file(String variable, String name) {
        return caller.path(variable).map(folder -> folder.resolve(name));
    }

    /// The registry of references without one, if it is known whether it has TLS.
    private Optional<URI> knownRegistry() {
        return registry.isEmpty()
                ? Endpoints.published(StateFolder.of(caller)).map(Endpoints::registry)
                : Optional.of(ownRegistry()).filter(own -> registry.contains("://"));
    }

    private URI ownRegistry() {
        if (registry.isEmpty()) {
            return Endpoints.in(StateFolder.of(caller)).registry();
        }
        try {
            URI uri = URI.create(registry.contains("://") ? registry : "https://" + registry);
            if (uri.getAuthority() != null && Set.of("http", "https").contains(uri.getScheme())) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // Told below, as any other text that names no registry.
        }
        throw new CommandException.WrongUse(
                "--endpoint: " + registry + " (expected: http://HOST:PORT, https://HOST:PORT or HOST:PORT)");
    }

    private static Reference reference(String text) {
        try {
            return Reference.parse(text);
        } catch (OciException.BadReference e) {
            throw new CommandException.WrongUse(e.getMessage() + " (an image is oci:FOLDER[:NAME] or a reference)");
        }
    }

    private record Layout(Path folder, String name) implements Place {
        @Override
        public BlobSource source() {
            return blob -> OciLayout.open(folder).open(blob);
        }

        @Override
        public Descriptor image() throws IOException {
            return OciLayout.open(folder).image(name);
        }

        @Override
        public ImageSink sink() throws IOException {
            return OciLayoutWriter.open(folder, name.isEmpty() ? "latest" : name);
        }
    }

    private record Remote(RegistryClient client, Reference full, Reference reference) implements Place {
        @Override
        public Place beside(Reference.Version version) {
            return new Remote(client, full.with(version), reference.with(version));
        }

        @Override
        public List<ReferrerDescriptor> referrers(OciDigest subject) {
            return client.referrers(full, subject);
        }

        @Override
        public BlobSource source() {
            return this::openBlob;
        }

        @Override
        public Descriptor image() {
            FetchedManifest fetched = client.manifest(full);
            return new Descriptor(fetched.mediaType(), fetched.digest(), fetched.content().length, Map.of());
        }

        @Override
        public ImageSink sink() {
            return client.sink(full);
        }

        @Override
        public void close() {
            client.close();
        }

        private InputStream openBlob(Descriptor blob) {
            if (MediaTypes.isManifest(blob.mediaType()) || MediaTypes.isIndex(blob.mediaType())) {
                Reference exact = full.with(new Reference.ByDigest(blob.digest()));
                return new ByteArrayInputStream(client.manifest(exact).content());
            }
            return client.blob(full, blob.digest());
        }
    }
}
