// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker;

import dev.realmesh.cca.Bytes;
import dev.realmesh.cca.ear.Ear;
import dev.realmesh.cca.ear.EarSigningKey;
import dev.realmesh.cca.ear.SubmodAppraisal;
import dev.realmesh.cca.ear.TrustClaim;
import dev.realmesh.cca.ear.TrustVector;
import dev.realmesh.cca.ear.TrusteeEar;
import dev.realmesh.kbs.Initdata;
import dev.realmesh.proto.attestation.v1.AppraiseRequest;
import dev.realmesh.proto.attestation.v1.AppraiseResponse;
import dev.realmesh.proto.attestation.v1.AttestationResult;
import dev.realmesh.proto.attestation.v1.AttestationServiceGrpc;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/// An attestation-service that says what a test tells it to, in EARs that are really signed.
final class ScriptedVerifier extends AttestationServiceGrpc.AttestationServiceImplBase {
    /// What it saw, in order.
    final List<AppraiseRequest> requests = new CopyOnWriteArrayList<>();

    private final InstantSource clock;
    private volatile EarSigningKey key;
    private volatile Function<AppraiseRequest, Ear> script;

    ScriptedVerifier(EarSigningKey key, InstantSource clock) {
        this.key = key;
        this.clock = clock;
        this.script = request -> ear(request, affirmingSubmods(new byte[Initdata.RPV_LENGTH]));
    }

    void answer(Function<AppraiseRequest, Ear> script) {
        this.script = script;
    }

    void answerSubmods(Map<String, SubmodAppraisal> submods) {
        answer(request -> ear(request, submods));
    }

    void signBy(EarSigningKey other) {
        key = other;
    }

    String sign(TrusteeEar ear) {
        return key.sign(ear);
    }

    String sign(Ear ear) {
        return key.sign(ear);
    }

    Ear ear(AppraiseRequest request, Map<String, SubmodAppraisal> submods) {
        return ear(Bytes.copyOf(request.getChallenge().toByteArray()), submods);
    }

    Ear ear(Bytes nonce, Map<String, SubmodAppraisal> submods) {
        return Ear.of(clock.instant(), nonce, new Ear.VerifierId("Realmesh tests", "1"), submods);
    }

    /// Both submods affirming, for a Realm with this RPV.
    static Map<String, SubmodAppraisal> affirmingSubmods(byte[] personalizationValue) {
        String rpv = Bytes.copyOf(personalizationValue).base64();
        Map<String, SubmodAppraisal> submods = new TreeMap<>();
        submods.put(Ear.PLATFORM, submod(2));
        submods.put(Ear.REALM, submod(2).annotated(Map.of("cca-realm-personalization-value", rpv)));
        return submods;
    }

    /// A submod whose claim on executables is this one.
    static SubmodAppraisal submod(int executables) {
        TrustVector vector =
                TrustVector.NO_CLAIM.with(TrustClaim.INSTANCE_IDENTITY, 2).with(TrustClaim.EXECUTABLES, executables);
        return SubmodAppraisal.of(vector, "policy:ARM_CCA", "");
    }

    @Override
    public void appraise(AppraiseRequest request, StreamObserver<AppraiseResponse> observer) {
        requests.add(request);
        Ear ear;
        try {
            ear = script.apply(request);
        } catch (StatusRuntimeException e) {
            observer.onError(e);
            return;
        }
        observer.onNext(AppraiseResponse.newBuilder()
                .setEar(key.sign(ear))
                .setResult(AttestationResult.newBuilder()
                        .setResultId(UUID.randomUUID().toString()))
                .build());
        observer.onCompleted();
    }
}
