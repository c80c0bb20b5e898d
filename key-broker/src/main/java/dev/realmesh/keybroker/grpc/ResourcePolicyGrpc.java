// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.keybroker.grpc;

import dev.realmesh.cca.ear.EarClaims;
import dev.realmesh.kbs.BoundedJson;
import dev.realmesh.kbs.ResourcePath;
import dev.realmesh.keybroker.admin.Administrators;
import dev.realmesh.keybroker.policy.ResourcePolicies;
import dev.realmesh.policy.PolicyException;
import dev.realmesh.policy.PolicyText;
import dev.realmesh.policy.StoredPolicy;
import dev.realmesh.proto.keybroker.v1.ActivateResourcePolicyRequest;
import dev.realmesh.proto.keybroker.v1.ActivateResourcePolicyResponse;
import dev.realmesh.proto.keybroker.v1.DryRunResourcePolicyRequest;
import dev.realmesh.proto.keybroker.v1.DryRunResourcePolicyResponse;
import dev.realmesh.proto.keybroker.v1.GetResourcePolicyRequest;
import dev.realmesh.proto.keybroker.v1.GetResourcePolicyResponse;
import dev.realmesh.proto.keybroker.v1.ListResourcePoliciesRequest;
import dev.realmesh.proto.keybroker.v1.ListResourcePoliciesResponse;
import dev.realmesh.proto.keybroker.v1.PolicyLanguage;
import dev.realmesh.proto.keybroker.v1.PutResourcePolicyRequest;
import dev.realmesh.proto.keybroker.v1.PutResourcePolicyResponse;
import dev.realmesh.proto.keybroker.v1.RemoveResourcePolicyRequest;
import dev.realmesh.proto.keybroker.v1.RemoveResourcePolicyResponse;
import dev.realmesh.proto.keybroker.v1.ResourcePolicy;
import dev.realmesh.proto.keybroker.v1.ResourcePolicyServiceGrpc;
import dev.realmesh.proto.keybroker.v1.RollBackResourcePolicyRequest;
import dev.realmesh.proto.keybroker.v1.RollBackResourcePolicyResponse;
import io.grpc.BindableService;
import io.grpc.ServerInterceptors;
import io.grpc.stub.StreamObserver;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.Supplier;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// `ResourcePolicyService`: what administrators do with resource policies. Only ever served [#guarded].
public final class ResourcePolicyGrpc extends ResourcePolicyServiceGrpc.ResourcePolicyServiceImplBase {
    /// What roles are asked for.
    private static final String PATH = "/kbs/v0/resource-policy";

    private static final int MAX_EAR_BYTES = 256 << 10;
    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};

    private final ResourcePolicies policies;
    private final AdministratorGuard guard;

    private ResourcePolicyGrpc(ResourcePolicies policies, AdministratorGuard guard) {
        this.policies = policies;
        this.guard = guard;
    }

    /// The service for administrators.
    public static BindableService guarded(ResourcePolicies policies, Administrators administrators) {
        AdministratorGuard guard = new AdministratorGuard(administrators);
        ResourcePolicyGrpc service = new ResourcePolicyGrpc(policies, guard);
        return () -> ServerInterceptors.intercept(service, guard);
    }

    @Override
    public void putResourcePolicy(
            PutResourcePolicyRequest request, StreamObserver<PutResourcePolicyResponse> observer) {
        answered(
                observer,
                actor -> policies.put(text(request.getLanguage(), request.getName(), request.getText()), actor),
                policy ->
                        PutResourcePolicyResponse.newBuilder().setPolicy(policy).build());
    }

    @Override
    public void listResourcePolicies(
            ListResourcePoliciesRequest request, StreamObserver<ListResourcePoliciesResponse> observer) {
        Statuses.answer(observer, () -> {
            guard.require(PATH);
            return ListResourcePoliciesResponse.newBuilder()
                    .addAllPolicies(policies.list().stream()
                            .map(ResourcePolicyGrpc::message)
                            .toList())
                    .build();
        });
    }

    @Override
    public void getResourcePolicy(
            GetResourcePolicyRequest request, StreamObserver<GetResourcePolicyResponse> observer) {
        answered(
                observer,
                actor -> policies.get(request.getPolicyId()),
                policy ->
                        GetResourcePolicyResponse.newBuilder().setPolicy(policy).build());
    }

    @Override
    public void activateResourcePolicy(
            ActivateResourcePolicyRequest request, StreamObserver<ActivateResourcePolicyResponse> observer) {
        answered(
                observer,
                actor -> policies.activate(request.getPolicyId(), actor),
                policy -> ActivateResourcePolicyResponse.newBuilder()
                        .setPolicy(policy)
                        .build());
    }

    @Override
    public void rollBackResourcePolicy(
            RollBackResourcePolicyRequest request, StreamObserver<RollBackResourcePolicyResponse> observer) {
        OptionalInt version = request.getVersion() == 0 ? OptionalInt.empty() : OptionalInt.of(request.getVersion());
        answered(
                observer,
                actor -> policies.rollBack(version, actor),
                policy -> RollBackResourcePolicyResponse.newBuilder()
                        .setPolicy(policy)
                        .build());
    }

    @Override
    public void removeResourcePolicy(
            RemoveResourcePolicyRequest request, StreamObserver<RemoveResourcePolicyResponse> observer) {
        Statuses.answer(observer, () -> {
            policies.remove(guard.require(PATH).actor());
            return RemoveResourcePolicyResponse.getDefaultInstance();
        });
    }

    @Override
    public void dryRunResourcePolicy(
            DryRunResourcePolicyRequest request, StreamObserver<DryRunResourcePolicyResponse> observer) {
        Statuses.answer(observer, () -> {
            guard.require(PATH);
            ResourcePolicies.Trial trial =
                    policies.tryOn(tried(request), claims(request.getEar()), ResourcePath.parse(request.getPath()));
            return DryRunResourcePolicyResponse.newBuilder()
                    .setAllowed(trial.allowed())
                    .setOwnRefusal(trial.ownRefusal().orElse(""))
                    .setPolicyRefusal(trial.policyRefusal().orElse(""))
                    .build();
        });
    }

    private <T> void answered(
            StreamObserver<T> observer, Function<String, StoredPolicy> work, Function<ResourcePolicy, T> response) {
        Supplier<T> answer =
                () -> response.apply(message(work.apply(guard.require(PATH).actor())));
        Statuses.answer(observer, answer);
    }

    private PolicyText tried(DryRunResourcePolicyRequest request) {
        return switch (request.getPolicyCase()) {
            case POLICY_ID -> policies.get(request.getPolicyId()).policy();
            case TEXT -> text(request.getLanguage(), "", request.getText());
            case POLICY_NOT_SET ->
                throw new PolicyException.Invalid("policy: absent (expected: the id of a stored one, or a text)");
        };
    }

    private static EarClaims claims(String ear) {
        String given = ear.strip();
        if (!given.startsWith("{")) {
            return EarClaims.in(given);
        }
        byte[] json = given.getBytes(StandardCharsets.UTF_8);
        return EarClaims.of(JsonMapper.shared().convertValue(BoundedJson.object("ear", json, MAX_EAR_BYTES), OBJECT));
    }

    private static PolicyText text(PolicyLanguage language, String name, String text) {
        return switch (language) {
            case POLICY_LANGUAGE_UNSPECIFIED, POLICY_LANGUAGE_CEL ->
                ResourcePolicies.text(dev.realmesh.policy.PolicyLanguage.CEL, name, text);
            case POLICY_LANGUAGE_REGO -> ResourcePolicies.text(dev.realmesh.policy.PolicyLanguage.REGO, name, text);
            case UNRECOGNIZED -> throw new PolicyException.Invalid("language: unknown (expected: CEL or Rego)");
        };
    }

    private static ResourcePolicy message(StoredPolicy policy) {
        return ResourcePolicy.newBuilder()
                .setPolicyId(policy.id().toString())
                .setName(policy.name())
                .setVersion(policy.version())
                .setCreatedAtMillis(policy.createdAt().toEpochMilli())
                .setActive(policy.active())
                .setText(policy.policy().text())
                .setLanguage(
                        switch (policy.policy().language()) {
                            case CEL -> PolicyLanguage.POLICY_LANGUAGE_CEL;
                            case REGO -> PolicyLanguage.POLICY_LANGUAGE_REGO;
                        })
                .build();
    }
}
