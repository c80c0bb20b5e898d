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
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
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
    private static final int MAX_POLICY_BYTES = 64 * 1024;
    private static final int MAX_EVIDENCE_BYTES = 64 * 1024;
    private static final String OWN_SCHEME = "ARM_CCA";

    private final Caller caller;

    public PolicyCommand(Caller caller) {
        this.caller = caller;
    }

    /// The policy to try.
    static final class Tried {
        @Option(names = "--policy", paramLabel = "POLICY", description = "A stored policy.")
        String id = "";

        @Option(names = "--file", paramLabel = "FILE", description = "A policy that is not stored.")
        @Nullable
        Path file;
    }

    /// What a policy is written in.
    enum Language {
        CEL,
        REGO;

        /// The one that was given, or else the one that the file's name tells.
        static PolicyLanguage of(@Nullable Language given, Path file) {
            boolean rego = given == null ? file.toString().endsWith(".rego") : given == REGO;
            return rego ? PolicyLanguage.POLICY_LANGUAGE_REGO : PolicyLanguage.POLICY_LANGUAGE_CEL;
        }
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
                    @Nullable
                    Language language,
            @Option(names = "--name", description = "Name of a policy in Rego; default if absent.", defaultValue = "")
                    String name,
            @Option(names = "--json", description = "Print JSON.") boolean json)
            throws IOException {
        PutPolicyRequest request = PutPolicyRequest.newBuilder()
                .setDocument(read(file))
                .setLanguage(Language.of(language, file))
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
            @ArgGroup(multiplicity = "1") Tried tried,
            @Option(names = "--language", description = "cel or rego; else what the file's name tells (*.rego).")
                    @Nullable
                    Language language,
            @Option(names = "--json", description = "Print JSON.") boolean json)
            throws IOException {
        DryRunPolicyRequest.Builder request = DryRunPolicyRequest.newBuilder().setResultId(subject.result);
        if (subject.token != null) {
            request.setEvidence(evidence(subject.token));
        }
        if (tried.file == null) {
            request.setPolicyId(tried.id);
        } else {
            request.setDocument(read(tried.file)).setLanguage(Language.of(language, tried.file));
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
        return String.format(
                Locale.ROOT,
                "%s  %s  %s  %s %d%s%s",
                policy.getPolicyId(),
                Timestamps.toString(policy.getCreatedAt()),
                policy.getActive() ? "active" : "      ",
                policy.getName(),
                policy.getVersion(),
                policy.getLanguage() == PolicyLanguage.POLICY_LANGUAGE_REGO ? "  rego" : "",
                policy.getScheme().equals(OWN_SCHEME) ? "" : "  " + policy.getScheme());
    }

    private static PolicyServiceBlockingStub admin(Edge edge, ManagedChannel channel) {
        return edge.asAdministrator(PolicyServiceGrpc.newBlockingStub(channel), "attestation-service");
    }

    private String read(Path file) throws IOException {
        byte[] bytes = caller.read(file, MAX_POLICY_BYTES);
        if (bytes.length > MAX_POLICY_BYTES) {
            throw new CommandException(
                    "policy of " + file + ": " + bytes.length + " bytes or more (expected: at most 64 KiB)");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
