// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.command;

import com.google.protobuf.util.Timestamps;
import dev.realmesh.proto.attestation.v1.ActivatePolicyRequest;
import dev.realmesh.proto.attestation.v1.AppraisalPolicy;
import dev.realmesh.proto.attestation.v1.DeactivatePolicyRequest;
import dev.realmesh.proto.attestation.v1.DryRunPolicyRequest;
import dev.realmesh.proto.attestation.v1.DryRunPolicyResponse;
import dev.realmesh.proto.attestation.v1.GetPolicyRequest;
import dev.realmesh.proto.attestation.v1.ListPoliciesRequest;
import dev.realmesh.proto.attestation.v1.PolicyServiceGrpc;
import dev.realmesh.proto.attestation.v1.PolicyServiceGrpc.PolicyServiceBlockingStub;
import dev.realmesh.proto.attestation.v1.PutPolicyRequest;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
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

    @Command(name = "put", description = "Store a policy as the next version of its name; it is not active yet.")
    int put(
            @Mixin Edge edge,
            @Parameters(paramLabel = "FILE", description = "File with the policy, YAML or JSON; - is standard input.")
                    Path file,
            @Option(names = "--json", description = "Print JSON.") boolean json)
            throws IOException {
        PutPolicyRequest request =
                PutPolicyRequest.newBuilder().setDocument(read(file)).build();
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

    @Command(name = "try", description = "Show what a policy would make of a stored result's evidence now.")
    int tryOn(
            @Mixin Edge edge,
            @Parameters(paramLabel = "RESULT", description = "Name of the result.") String result,
            @ArgGroup(multiplicity = "1") Tried tried,
            @Option(names = "--json", description = "Print JSON.") boolean json)
            throws IOException {
        DryRunPolicyRequest.Builder request = DryRunPolicyRequest.newBuilder().setResultId(result);
        if (tried.file == null) {
            request.setPolicyId(tried.id);
        } else {
            request.setDocument(read(tried.file));
        }
        DryRunPolicyResponse trial = edge.call(channel -> admin(edge, channel).dryRunPolicy(request.build()));
        if (json) {
            caller.out().println(JsonText.of(trial));
        } else {
            caller.out().print(ResultText.changes(trial.getBeforeList(), trial.getAfterList()));
        }
        return 0;
    }

    private void print(AppraisalPolicy policy, boolean json) {
        caller.out().println(json ? JsonText.of(policy) : line(policy));
    }

    private static String line(AppraisalPolicy policy) {
        return String.format(
                Locale.ROOT,
                "%s  %s  %s  %s %d",
                policy.getPolicyId(),
                Timestamps.toString(policy.getCreatedAt()),
                policy.getActive() ? "active" : "      ",
                policy.getName(),
                policy.getVersion());
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
