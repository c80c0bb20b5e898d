// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.realm.grpc;

import com.google.protobuf.ByteString;
import dev.realmesh.oci.MediaTypes;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.signature.CosignSignature;
import dev.realmesh.oci.signature.SignatureImage;
import dev.realmesh.oci.signature.SigstoreBundle;
import dev.realmesh.proto.image.v1.GetBlobRequest;
import dev.realmesh.proto.image.v1.GetBlobResponse;
import dev.realmesh.proto.image.v1.GetManifestRequest;
import dev.realmesh.proto.image.v1.GetManifestResponse;
import dev.realmesh.proto.image.v1.ImageServiceGrpc.ImageServiceImplBase;
import dev.realmesh.proto.image.v1.ListReferrersRequest;
import dev.realmesh.proto.image.v1.ListReferrersResponse;
import dev.realmesh.proto.image.v1.Referrer;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Serves one image out of an OCI layout, in small chunks, and alters what a test wants altered.
public final class ImagePeer extends ImageServiceImplBase {
    private static final int CHUNK_BYTES = 97;

    private final Path layout;
    private final JsonNode top;
    private final Map<String, UnaryOperator<byte[]>> alterations = new HashMap<>();
    private final List<String> blobsAsked = new ArrayList<>();
    private final Map<String, byte[]> beside = new HashMap<>();
    private final List<String> referrers = new ArrayList<>();
    private long most = Integer.MAX_VALUE;
    private Status end = Status.UNAVAILABLE;
    private Optional<Status> failure = Optional.empty();

    public ImagePeer(Path layout) throws IOException {
        this.layout = layout;
        this.top = new JsonMapper()
                .readTree(Files.readAllBytes(layout.resolve("index.json")))
                .at("/manifests/0");
    }

    public String digest() {
        return top.path("digest").stringValue();
    }

    /// The digest of a layer, counted from the lowest.
    public String layer(int index) {
        return new JsonMapper()
                .readTree(blob(digest()))
                .at("/layers/" + index + "/digest")
                .stringValue();
    }

    public synchronized void alter(String digest, UnaryOperator<byte[]> alteration) {
        alterations.put(digest, alteration);
    }

    public synchronized void fail(Status status) {
        failure = Optional.of(status);
    }

    /// Puts cosign's signatures beside the image.
    public synchronized void sign(CosignSignature... signatures) {
        ObjectNode manifest = manifest(MediaTypes.OCI_CONFIG);
        manifest.set("layers", layers(signatures));
        beside.put(
                SignatureImage.tag(OciDigest.parse(digest())).suffix(), new JsonMapper().writeValueAsBytes(manifest));
    }

    /// Puts them there in a manifest about another one, and lists it as if it were about any that is asked for.
    ///
    /// @return the manifest's digest
    public synchronized String refer(String subject, String artifactType, CosignSignature... signatures) {
        ObjectNode manifest = about(subject, artifactType);
        manifest.set("layers", layers(signatures));
        return list(manifest);
    }

    private ObjectNode about(String subject, String configType) {
        ObjectNode manifest = manifest(configType);
        manifest.putObject("subject")
                .put("mediaType", MediaTypes.OCI_MANIFEST)
                .put("digest", subject)
                .put("size", 1);
        return manifest;
    }

    private String list(ObjectNode manifest) {
        byte[] content = new JsonMapper().writeValueAsBytes(manifest);
        String digest = OciDigest.of(content).toString();
        beside.put(digest, content);
        referrers.add(digest);
        return digest;
    }

    /// Puts a bundle there, in a manifest about the image that says what the bundle states.
    public synchronized void refer(String predicateType, byte[] bundle) {
        ObjectNode manifest = about(digest(), "application/vnd.oci.empty.v1+json");
        beside.put(OciDigest.of(bundle).toString(), bundle);
        manifest.put("artifactType", SigstoreBundle.MEDIA_TYPE)
                .putObject("annotations")
                .put(SigstoreBundle.PREDICATE_TYPE, predicateType);
        manifest.putArray("layers")
                .addObject()
                .put("mediaType", SigstoreBundle.MEDIA_TYPE)
                .put("digest", OciDigest.of(bundle).toString())
                .put("size", bundle.length);
        var unused = list(manifest);
    }

    private ArrayNode layers(CosignSignature... signatures) {
        ArrayNode layers = JsonNodeFactory.instance.arrayNode();
        for (CosignSignature signature : signatures) {
            beside.put(OciDigest.of(signature.payload()).toString(), signature.payload());
            layers.addObject()
                    .put("mediaType", SignatureImage.LAYER)
                    .put("digest", OciDigest.of(signature.payload()).toString())
                    .put("size", signature.payload().length)
                    .putObject("annotations")
                    .put(SignatureImage.SIGNATURE, Base64.getEncoder().encodeToString(signature.signature()));
        }
        return layers;
    }

    private ObjectNode manifest(String configType) {
        ObjectNode manifest = JsonNodeFactory.instance.objectNode();
        manifest.put("schemaVersion", 2).put("mediaType", MediaTypes.OCI_MANIFEST);
        manifest.putObject("config")
                .put("mediaType", configType)
                .put("digest", digest())
                .put("size", 1);
        return manifest;
    }

    /// One a page.
    @Override
    public void listReferrers(ListReferrersRequest request, StreamObserver<ListReferrersResponse> observer) {
        List<String> all;
        synchronized (this) {
            all = List.copyOf(referrers);
        }
        int at = request.getPageToken().isEmpty() ? 0 : Integer.parseInt(request.getPageToken());
        ListReferrersResponse.Builder page = ListReferrersResponse.newBuilder();
        if (at < all.size()) {
            page.addReferrers(Referrer.newBuilder().setDigest(all.get(at)));
        }
        if (at + 1 < all.size()) {
            page.setNextPageToken(Integer.toString(at + 1));
        }
        observer.onNext(page.build());
        observer.onCompleted();
    }

    public synchronized List<String> blobsAsked() {
        return List.copyOf(blobsAsked);
    }

    @Override
    public void getManifest(GetManifestRequest request, StreamObserver<GetManifestResponse> observer) {
        if (failure().isPresent()) {
            observer.onError(failure().get().asRuntimeException());
            return;
        }
        if (request.getReference().endsWith(".sig")) {
            signatures(request.getReference(), observer);
            return;
        }
        int at = request.getReference().indexOf('@');
        String digest = at < 0 ? digest() : request.getReference().substring(at + 1);
        observer.onNext(GetManifestResponse.newBuilder()
                .setMediaType(top.path("mediaType").stringValue())
                .setDigest(digest)
                .setManifest(ByteString.copyFrom(served(digest)))
                .build());
        observer.onCompleted();
    }

    private synchronized void signatures(String reference, StreamObserver<GetManifestResponse> observer) {
        byte[] manifest = beside.get(reference.substring(reference.lastIndexOf(':')));
        if (manifest == null) {
            observer.onError(Status.NOT_FOUND.asRuntimeException());
            return;
        }
        observer.onNext(GetManifestResponse.newBuilder()
                .setMediaType(MediaTypes.OCI_MANIFEST)
                .setDigest(OciDigest.of(manifest).toString())
                .setManifest(ByteString.copyFrom(manifest))
                .build());
        observer.onCompleted();
    }

    @Override
    public void getBlob(GetBlobRequest request, StreamObserver<GetBlobResponse> observer) {
        synchronized (this) {
            blobsAsked.add(request.getDigest());
        }
        byte[] blob = served(request.getDigest());
        int end = (int) Math.min(blob.length, request.getOffset() + most());
        for (int from = (int) request.getOffset(); from < end; from += CHUNK_BYTES) {
            int count = Math.min(CHUNK_BYTES, blob.length - from);
            observer.onNext(GetBlobResponse.newBuilder()
                    .setChunk(ByteString.copyFrom(blob, from, count))
                    .build());
        }
        if (end < blob.length) {
            observer.onError(end().asRuntimeException());
            return;
        }
        observer.onCompleted();
    }

    /// Lets each call for a blob end so after so many chunks.
    public synchronized void breakOffAfter(int chunks, Status status) {
        most = (long) chunks * CHUNK_BYTES;
        end = status;
    }

    private synchronized long most() {
        return most;
    }

    private synchronized Status end() {
        return end;
    }

    private synchronized Optional<Status> failure() {
        return failure;
    }

    private synchronized byte[] served(String digest) {
        byte[] content = beside.containsKey(digest) ? beside.get(digest) : blob(digest);
        return alterations.getOrDefault(digest, UnaryOperator.identity()).apply(content);
    }

    private byte[] blob(String digest) {
        try {
            return Files.readAllBytes(layout.resolve("blobs/sha256")
                    .resolve(OciDigest.parse(digest).hex()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
