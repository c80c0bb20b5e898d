// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.command;

import com.google.protobuf.ByteString;
import com.google.protobuf.util.Timestamps;
import dev.realmesh.proto.attestation.v1.ActivatePolicyRequest;
import dev.realmesh.proto.attestation.v1.AppraisalPolicy;
import dev.realmesh.proto.attestation.v1.DeactivatePolicyRequest;
import dev.realmesh.proto.attestation.v1.DryRunPolicyRequest;
import dev.realmesh.proto.attestation.v1.DryRunPolicyResponse;
import dev.realmesh.proto.attestation.v1.GetPolicyRequest;
import dev.realmesh.proto.attestation.v1.GivenEvidence;
import dev.realmesh.proto.attestation.v1.ListPoliciesRequest;
import dev.realmesh.proto.attestation.v1.PolicyLanguage;
import dev.realmesh.proto.attestation.v1.PolicyServiceGrpc;
import dev.realmesh.proto.attestation.v1.PolicyServiceGrpc.PolicyServiceBlockingStub;
import dev.realmesh.proto.attestation.v1.PutPolicyRequest;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `realmesh attestation policy put|list|show|activate|deactivate|try`: rules by which verdicts become worse.
@Command(name = "policy", description = "Appraisal policies of attestation-service.")
public final class PolicyCommand {
    private static final int MAX_EVIDENCE_BYTES = 64 * 1024;
    private static final String OWN_SCHEME = "ARM_CCA";

    private final Caller caller;

    public PolicyCommand(Caller caller) {
        this.caller = caller;
    }

    /// What a policy is tried on.
    static final class Subject {
        @Parameters(paramLabel = "RESULT", description = "Name of a stored result.", arity = "0..1")
        String result = "";

        @ArgGroup(exclusive = false)
        @Nullable
        Token token;
    }

    /// Evidence that is at hand.
    static final class Token {
        @Option(
                names = "--evidence",
                paramLabel = "FILE",
                required = true,
                description = "File with a CCA token; - is standard input.")
        @Nullable
        Path file;

        @Option(
                names = "--challenge",
                paramLabel = "HEX",
                required = true,
                converter = HexBytes.class,
                description = "What the token must be fresh for, 8 to 64 bytes.")
        ByteString challenge = ByteString.EMPTY;
    }

    @Command(name = "put", description = "Store a policy as the next version of its name; it is not active yet.")
    int put(
            @Mixin Edge edge,
            @Parameters(
                            paramLabel = "FILE",
                            description = "File with the policy: YAML or JSON, or Rego; - is standard input.")
                    Path file,
            @Option(names = "--language", description = "cel or rego; else what the file's name tells (*.rego).")
                    PolicyFile.@Nullable Language language,
            @Option(names = "--name", description = "Name of a policy in Rego; default if absent.", defaultValue = "")
                    String name,
            @Option(names = "--json", description = "Print JSON.") boolean json)
            throws IOException {
        PolicyFile policy = PolicyFile.read(caller, file, language);
        PutPolicyRequest request = PutPolicyRequest.newBuilder()
                .setDocument(policy.text())
                .setLanguage(language(policy))
                .setName(name)
                .build();
        print(edge.call(channel -> admin(edge, channel).putPolicy(request)).getPolicy(), json);
        return 0;
    }

    @Command(name = "list", description = "List stored policies, newest first.")
    int list(@Mixin Edge edge, @Option(names = "--json", description = "Print JSON, one policy a line.") boolean json) {
        edge.call(channel -> admin(edge, channel).listPolicies(ListPoliciesRequest.getDefaultInstance()))
                .getPoliciesList()
                .forEach(policy -> print(policy, json));
        return 0;
    }

    @Command(name = "show", description = "Print a stored policy as it was put.")
    int show(
            @Mixin Edge edge,
            @Parameters(paramLabel = "POLICY", description = "Id of the policy.") String id,
            @Option(names = "--json", description = "Print JSON.") boolean json) {
        AppraisalPolicy policy = edge.call(channel -> admin(edge, channel)
                        .getPolicy(GetPolicyRequest.newBuilder().setPolicyId(id).build()))
                .getPolicy();
        if (json) {
            print(policy, true);
        } else {
            caller.out().print(policy.getDocument());
        }
        return 0;
    }

    @Command(name = "activate", description = "Put a policy in force, in place of the one that was.")
    int activate(
            @Mixin Edge edge,
            @Parameters(paramLabel = "POLICY", description = "Id of the policy.") String id,
            @Option(names = "--json", description = "Print JSON.") boolean json) {
        ActivatePolicyRequest request =
                ActivatePolicyRequest.newBuilder().setPolicyId(id).build();
        print(edge.call(channel -> admin(edge, channel).activatePolicy(request)).getPolicy(), json);
        return 0;
    }

    @Command(name = "deactivate", description = "Leave no policy in force.")
    int deactivate(@Mixin Edge edge) {
        edge.call(channel -> admin(edge, channel).deactivatePolicy(DeactivatePolicyRequest.getDefaultInstance()));
        return 0;
    }

    @Command(
            name = "try",
            description = "Show what a policy would make of evidence now: a stored result's, or a token at hand.")
    int tryOn(
            @Mixin Edge edge,
            @ArgGroup(multiplicity = "1") Subject subject,
            @ArgGroup(multiplicity = "1") TriedPolicy tried,
            @Option(names = "--language", description = "cel or rego; else what the file's name tells (*.rego).")
                    PolicyFile.@Nullable Language language,
            @Option(names = "--json", description = "Print JSON.") boolean json)
            throws IOException {
        DryRunPolicyRequest.Builder request = DryRunPolicyRequest.newBuilder().setResultId(subject.result);
        if (subject.token != null) {
            request.setEvidence(evidence(subject.token));
        }
        if (tried.file == null) {
            request.setPolicyId(tried.id);
        } else {
            PolicyFile policy = PolicyFile.read(caller, tried.file, language);
            request.setDocument(policy.text()).setLanguage(language(policy));
        }
        DryRunPolicyResponse trial = edge.call(channel -> admin(edge, channel).dryRunPolicy(request.build()));
        if (json) {
            caller.out().println(JsonText.of(trial));
        } else {
            caller.out().print(ResultText.changes(trial.getBeforeList(), trial.getAfterList()));
        }
        return 0;
    }

    private GivenEvidence evidence(Token token) throws IOException {
        byte[] bytes = caller.read(Objects.requireNonNull(token.file), MAX_EVIDENCE_BYTES);
        return GivenEvidence.newBuilder()
                .setEvidence(ByteString.copyFrom(bytes))
                .setChallenge(token.challenge)
                .build();
    }

    private void print(AppraisalPolicy policy, boolean json) {
        caller.out().println(json ? JsonText.of(policy) : line(policy));
    }

    private static String line(AppraisalPolicy policy) {
        PolicyLine line = new PolicyLine(
                policy.getPolicyId(),
                Timestamps.toString(policy.getCreatedAt()),
                policy.getActive(),
                policy.getName(),
                policy.getVersion(),
                policy.getLanguage() == PolicyLanguage.POLICY_LANGUAGE_REGO);
        return line + (policy.getScheme().equals(OWN_SCHEME) ? "" : "  " + policy.getScheme());
    }

    private static PolicyLanguage language(PolicyFile policy) {
        return policy.isRego() ? PolicyLanguage.POLICY_LANGUAGE_REGO : PolicyLanguage.POLICY_LANGUAGE_CEL;
    }

    private static PolicyServiceBlockingStub admin(Edge edge, ManagedChannel channel) {
        return edge.asAdministrator(PolicyServiceGrpc.newBlockingStub(channel), "attestation-service");
    }
}
