// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.attestation.grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import dev.realmesh.attestation.result.ResultException;
import dev.realmesh.attestation.result.ResultFilter;
import dev.realmesh.attestation.result.StoredResult;
import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.ear.TrustClaim;
import dev.realmesh.cca.ear.TrustTier;
import dev.realmesh.proto.attestation.v1.AttestationResult;
import dev.realmesh.proto.attestation.v1.AttestationStatus;
import dev.realmesh.proto.attestation.v1.ListResultsRequest;
import dev.realmesh.proto.attestation.v1.MeasuredImage;
import dev.realmesh.proto.attestation.v1.SubmodAppraisal;
import dev.realmesh.proto.attestation.v1.WatchResultsRequest;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Set;

/// Messages to and from the records of the domain.
final class Messages {
    private static final int MAX_LABEL = 63;
    private static final int MAX_IMAGE = 512;

    private Messages() {}

    static Bytes bytes(ByteString value) {
        return Bytes.copyOf(value.toByteArray());
    }

    static String realmLabel(String label) {
        return bounded("realm_id", label, MAX_LABEL);
    }

    static ResultFilter filter(ListResultsRequest request) {
        return new ResultFilter(
                realmLabel(request.getRealmId()),
                bytes(request.getRim()),
                bytes(request.getInstanceId()),
                bounded("image", request.getImage(), MAX_IMAGE),
                statuses(request.getStatus()),
                request.hasIssuedFrom() ? instant("issued_from", request.getIssuedFrom()) : Instant.EPOCH,
                request.hasIssuedBefore() ? instant("issued_before", request.getIssuedBefore()) : ResultFilter.FOREVER);
    }

    static ResultFilter filter(WatchResultsRequest request) {
        return new ResultFilter(
                realmLabel(request.getRealmId()),
                bytes(request.getRim()),
                bytes(request.getInstanceId()),
                bounded("image", request.getImage(), MAX_IMAGE),
                statuses(request.getStatus()),
                Instant.EPOCH,
                ResultFilter.FOREVER);
    }

    static AttestationResult result(StoredResult stored) {
        AttestationResult.Builder result = AttestationResult.newBuilder()
                .setResultId(stored.id().toString())
                .setIssuedAt(Timestamp.newBuilder().setSeconds(stored.issuedAt().getEpochSecond()))
                .setRealmId(stored.realmId())
                .setStatus(status(stored.status()))
                .setChallenge(message(stored.challenge()))
                .setRim(message(stored.claims().rim()))
                .setRpv(message(stored.claims().rpv()))
                .setImplementationId(message(stored.claims().implementationId()))
                .setInstanceId(message(stored.claims().instanceId()))
                .setEar(stored.jwt());
        stored.claims().images().forEach(image -> result.addImages(image(image)));
        stored.ear().submods().forEach((name, appraisal) -> result.addSubmods(submod(name, appraisal)));
        return result.build();
    }

    private static MeasuredImage image(dev.realmesh.attestation.result.MeasuredImage image) {
        return MeasuredImage.newBuilder()
                .setReference(image.reference())
                .setDigest(image.digest())
                .setStarts(image.starts())
                .build();
    }

    static SubmodAppraisal submod(String name, dev.realmesh.cca.ear.SubmodAppraisal appraisal) {
        SubmodAppraisal.Builder submod = SubmodAppraisal.newBuilder()
                .setName(name)
                .setStatus(status(appraisal.status()))
                .setProblem(appraisal.problem());
        for (TrustClaim claim : TrustClaim.values()) {
            submod.putTrustVector(claim.earName(), appraisal.vector().get(claim));
        }
        return submod.build();
    }

    /// A text that the database can hold: PostgreSQL takes no zero character.
    private static String bounded(String field, String text, int most) {
        if (text.length() > most) {
            throw new ResultException.BadRequest(
                    field + ": " + text.length() + " characters (expected: at most " + most + ")");
        }
        if (text.indexOf('\0') >= 0) {
            throw new ResultException.BadRequest(field + ": with a zero character (expected: none)");
        }
        return text;
    }

    private static AttestationStatus status(TrustTier tier) {
        return switch (tier) {
            case NONE -> AttestationStatus.ATTESTATION_STATUS_NONE;
            case AFFIRMING -> AttestationStatus.ATTESTATION_STATUS_AFFIRMING;
            case WARNING -> AttestationStatus.ATTESTATION_STATUS_WARNING;
            case CONTRAINDICATED -> AttestationStatus.ATTESTATION_STATUS_CONTRAINDICATED;
        };
    }

    private static Set<TrustTier> statuses(AttestationStatus status) {
        return switch (status) {
            case ATTESTATION_STATUS_UNSPECIFIED -> Set.of(TrustTier.values());
            case ATTESTATION_STATUS_NONE -> Set.of(TrustTier.NONE);
            case ATTESTATION_STATUS_AFFIRMING -> Set.of(TrustTier.AFFIRMING);
            case ATTESTATION_STATUS_WARNING -> Set.of(TrustTier.WARNING);
            case ATTESTATION_STATUS_CONTRAINDICATED -> Set.of(TrustTier.CONTRAINDICATED);
            case UNRECOGNIZED -> throw new ResultException.BadRequest("status: unknown (expected: a known status)");
        };
    }

    private static Instant instant(String field, Timestamp time) {
        try {
            Instant instant = Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
            if (!instant.isBefore(Instant.EPOCH) && !instant.isAfter(ResultFilter.FOREVER)) {
                return instant;
            }
        } catch (DateTimeException | ArithmeticException e) {
            throw badTime(field);
        }
        throw badTime(field);
    }

    private static ResultException badTime(String field) {
        return new ResultException.BadRequest(field + ": out of range (expected: 1970 to 9999)");
    }

    private static ByteString message(Bytes value) {
        return ByteString.copyFrom(value.toByteArray());
    }
}
