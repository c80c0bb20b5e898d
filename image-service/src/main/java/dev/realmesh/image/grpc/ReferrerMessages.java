// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.image.grpc;

import dev.realmesh.image.delivery.FindReferrers;
import dev.realmesh.oci.OciDigest;
import dev.realmesh.oci.OciException;
import dev.realmesh.oci.Reference;
import dev.realmesh.oci.ReferrerDescriptor;
import dev.realmesh.proto.image.v1.ListReferrersRequest;
import dev.realmesh.proto.image.v1.ListReferrersResponse;
import dev.realmesh.proto.image.v1.Referrer;
import java.util.Map;

/// `ListReferrers` in the words of the domain. A page of messages stays within 2 MiB, gRPC's limit being 4 MiB: one
/// that
/// grows beyond ends early.
final class ReferrerMessages {
    private static final int MAX_PAGE = 200;
    private static final int MAX_PAGE_BYTES = 2 << 20;
    private static final int MAX_ANNOTATIONS_CHARACTERS = 64 << 10;

    private ReferrerMessages() {}

    static FindReferrers.Query query(ListReferrersRequest request) {
        return new FindReferrers.Query(
                Reference.parse(request.getReference()),
                OciDigest.parse(request.getSubject()),
                request.getArtifactType());
    }

    /// @throws OciException if it is out of range
    static int limit(ListReferrersRequest request) {
        int size = request.getPageSize();
        if (size < 0 || size > MAX_PAGE) {
            throw new OciException.LimitExceeded("page_size", MAX_PAGE);
        }
        return size == 0 ? MAX_PAGE : size;
    }

    /// @throws OciException if it is none
    static String after(ListReferrersRequest request) {
        String token = request.getPageToken();
        return token.isEmpty() ? token : OciDigest.parse(token).toString();
    }

    static ListReferrersResponse response(FindReferrers.Page page) {
        ListReferrersResponse.Builder response = ListReferrersResponse.newBuilder();
        int bytes = 0;
        for (ReferrerDescriptor found : page.referrers()) {
            Referrer message = message(found);
            bytes += message.getSerializedSize();
            if (bytes > MAX_PAGE_BYTES) {
                return response.setNextPageToken(response.getReferrers(response.getReferrersCount() - 1)
                                .getDigest())
                        .build();
            }
            response.addReferrers(message);
        }
        page.next().ifPresent(next -> response.setNextPageToken(next.toString()));
        return response.build();
    }

    private static Referrer message(ReferrerDescriptor found) {
        Referrer.Builder message = Referrer.newBuilder()
                .setMediaType(found.manifest().mediaType())
                .setDigest(found.manifest().digest().toString())
                .setSize(found.manifest().size())
                .setArtifactType(found.artifactType());
        Map<String, String> annotations = found.manifest().annotations();
        long characters = annotations.entrySet().stream()
                .mapToLong(entry -> entry.getKey().length() + entry.getValue().length())
                .sum();
        if (characters <= MAX_ANNOTATIONS_CHARACTERS) {
            message.putAllAnnotations(annotations);
        }
        return message.build();
    }
}
