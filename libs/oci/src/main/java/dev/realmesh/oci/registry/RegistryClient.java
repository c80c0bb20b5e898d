// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.oci.registry;

import dev.realmesh.oci.ImageSink;
import dev.realmesh.oci.Manifest;
import dev.realmesh.oci.MediaTypes;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.OciException;
import dev.realmesh.oci.Reference;
import dev.realmesh.oci.ReferrerDescriptor;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;

/// Pulls from and pushes to registries. Blocks; every answer but a blob's is bounded in size.
public final class RegistryClient implements AutoCloseable {
    static final String MANIFEST_TYPES = String.join(
            ", ",
            MediaTypes.OCI_INDEX,
            MediaTypes.OCI_MANIFEST,
            MediaTypes.DOCKER_MANIFEST_LIST,
            MediaTypes.DOCKER_MANIFEST);

    private final RegistryHttp http;
    private final Set<String> plainHttp;

    /// @param plainHttp registries without TLS, as their references have them: `127.0.0.1:5000`
    public RegistryClient(Set<String> plainHttp, InstantSource clock) {
        this(ClientOptions.of(plainHttp), clock);
    }

    public RegistryClient(ClientOptions options, InstantSource clock) {
        this.http = new RegistryHttp(options, clock);
        this.plainHttp = options.plainHttp();
    }

    /// The manifest or index that a reference names.
    ///
    /// @throws RegistryClientException if the registry does not give it
    /// @throws OciException if it is too large, or of another digest than the reference's
    public FetchedManifest manifest(Reference reference) {
        RemoteRepository repository = repository(reference);
        URI uri = repository.manifest(reference.version());
        HttpResponse<InputStream> response =
                http.get(repository, HttpRequest.newBuilder(uri).header("Accept", MANIFEST_TYPES));
        byte[] content = http.read(response, Manifest.MAX_BYTES);
        if (content.length > Manifest.MAX_BYTES) {
            throw new OciException.LimitExceeded("bytes of a manifest", Manifest.MAX_BYTES);
        }
        OciDigest digest = OciDigest.of(content);
        if (reference.version() instanceof Reference.ByDigest wanted) {
            wanted.digest().check("manifest of " + reference, content);
            digest = wanted.digest();
        }
        String mediaType = response.headers().firstValue("Content-Type").orElse("");
        int parameters = mediaType.indexOf(';');
        return new FetchedManifest(
                parameters < 0 ? mediaType : mediaType.substring(0, parameters).strip(), digest, content);
    }

    /// Opens a blob of a repository, unverified; the caller closes it. It goes on where a connection breaks off; if
    /// that
    /// cannot be, reading it throws a [RegistryClientException].
    ///
    /// @throws RegistryClientException if the registry does not give it
    public InputStream blob(Reference image, OciDigest digest) {
        RemoteRepository repository = repository(image);
        URI uri = repository.blob(digest.toString());
        return ResumingBlob.open(uri, offset -> http.get(repository, blobRequest(uri, offset)), http.backoff());
    }

    /// What is about a manifest of the image's repository, its signatures for one; at most 1000.
    ///
    /// @throws RegistryClientException if the registry does not tell
    /// @throws OciException if what it tells is no list of them, or there are too many
    public List<ReferrerDescriptor> referrers(Reference image, OciDigest subject) {
        return new RemoteReferrers(http, repository(image)).of(subject);
    }

    /// Where an image is pushed to. By a digest only a manifest is taken that has it.
    public ImageSink sink(Reference reference) {
        return new RegistrySink(http, repository(reference), reference);
    }

    @Override
    public void close() {
        http.close();
    }

    private static HttpRequest.Builder blobRequest(URI uri, long offset) {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri).header("Accept", "*/*");
        return offset == 0 ? request : request.header("Range", "bytes=" + offset + "-");
    }

    private RemoteRepository repository(Reference reference) {
        if (reference.registry().isEmpty()) {
            throw new OciException.BadReference("reference: " + reference + " (expected: with a registry)");
        }
        return RemoteRepository.of(reference, plainHttp.contains(reference.registry()));
    }
}
