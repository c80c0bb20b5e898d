// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.command;

import dev.realmesh.proto.keybroker.v1.ActivateResourcePolicyRequest;
import dev.realmesh.proto.keybroker.v1.DryRunResourcePolicyRequest;
import dev.realmesh.proto.keybroker.v1.DryRunResourcePolicyResponse;
import dev.realmesh.proto.keybroker.v1.GetResourcePolicyRequest;
import dev.realmesh.proto.keybroker.v1.ListResourcePoliciesRequest;
import dev.realmesh.proto.keybroker.v1.PolicyLanguage;
import dev.realmesh.proto.keybroker.v1.PutResourcePolicyRequest;
import dev.realmesh.proto.keybroker.v1.RemoveResourcePolicyRequest;
import dev.realmesh.proto.keybroker.v1.ResourcePolicy;
import dev.realmesh.proto.keybroker.v1.ResourcePolicyServiceGrpc;
import dev.realmesh.proto.keybroker.v1.ResourcePolicyServiceGrpc.ResourcePolicyServiceBlockingStub;
import dev.realmesh.proto.keybroker.v1.RollBackResourcePolicyRequest;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `realmesh secret policy put|list|show|activate|rollback|remove|try`: rules by which fewer secrets are released.
@Command(name = "policy", description = "Resource policies of key-broker: rules by which fewer secrets are released.")
public final class ResourcePolicyCommand {
    private static final int MAX_EAR_BYTES = 256 * 1024;

    private final Caller caller;

    public ResourcePolicyCommand(Caller caller) {
        this.caller = caller;
    }

    @Command(name = "put", description = "Store a policy as the next version of its name; it is not in force yet.")
    int put(
            @Mixin Edge edge,
            @Parameters(paramLabel = "FILE", description = "File with the policy: CEL, or Rego; - is standard input.")
                    Path file,
            @Option(names = "--language", description = "cel or rego; else what the file's name tells (*.rego).")
                    PolicyFile.@Nullable Language language,
            @Option(
                            names = "--name",
                            description = "What its versions are called; resource-policy if absent.",
                            defaultValue = "")
                    String name,
            @Option(names = "--json", description = "Print JSON.") boolean json)
            throws IOException {
        PolicyFile policy = PolicyFile.read(caller, file, language);
        PutResourcePolicyRequest request = PutResourcePolicyRequest.newBuilder()
                .setText(policy.text())
                .setLanguage(language(policy))
                .setName(name)
                .build();
        return printed(edge, json, admin -> admin.putResourcePolicy(request).getPolicy());
    }

    @Command(name = "list", description = "List stored policies, newest first.")
    int list(@Mixin Edge edge, @Option(names = "--json", description = "Print JSON, one policy a line.") boolean json) {
        edge.call(channel ->
                        admin(edge, channel).listResourcePolicies(ListResourcePoliciesRequest.getDefaultInstance()))
                .getPoliciesList()
                .forEach(policy -> print(policy, json));
        return 0;
    }

    @Command(name = "show", description = "Print a stored policy as it was put.")
    int show(
            @Mixin Edge edge,
            @Parameters(paramLabel = "POLICY", description = "Id of the policy.") String id,
            @Option(names = "--json", description = "Print JSON.") boolean json) {
        GetResourcePolicyRequest request =
                GetResourcePolicyRequest.newBuilder().setPolicyId(id).build();
        ResourcePolicy policy = edge.call(channel -> admin(edge, channel).getResourcePolicy(request))
                .getPolicy();
        if (json) {
            print(policy, true);
        } else {
            caller.out().print(policy.getText());
        }
        return 0;
    }

    @Command(name = "activate", description = "Put a policy in force, in place of the one that was.")
    int activate(
            @Mixin Edge edge,
            @Parameters(paramLabel = "POLICY", description = "Id of the policy.") String id,
            @Option(names = "--json", description = "Print JSON.") boolean json) {
        ActivateResourcePolicyRequest request =
                ActivateResourcePolicyRequest.newBuilder().setPolicyId(id).build();
        return printed(
                edge, json, admin -> admin.activateResourcePolicy(request).getPolicy());
    }

    @Command(name = "rollback", description = "Put an earlier version of the policy in force in its place.")
    int rollBack(
            @Mixin Edge edge,
            @Option(
                            names = "--to",
                            paramLabel = "VERSION",
                            description = "That version; else the last one before that was in force.",
                            defaultValue = "0")
                    int version,
            @Option(names = "--json", description = "Print JSON.") boolean json) {
        RollBackResourcePolicyRequest request =
                RollBackResourcePolicyRequest.newBuilder().setVersion(version).build();
        return printed(
                edge, json, admin -> admin.rollBackResourcePolicy(request).getPolicy());
    }

    @Command(
            name = "remove",
            aliases = "deactivate",
            description = "Leave no policy in force: the broker's own rules alone hold. Stored versions stay.")
    int remove(@Mixin Edge edge) {
        edge.call(
                channel -> admin(edge, channel).removeResourcePolicy(RemoveResourcePolicyRequest.getDefaultInstance()));
        return 0;
    }

    @Command(
            name = "try",
            description = "Say whether a secret would be released by a policy to who shows a result; exit 1 if not.")
    int tryOn(
            @Mixin Edge edge,
            @Parameters(paramLabel = "PATH", description = "repository/type/tag, or kbs:///repository/type/tag.")
                    String path,
            @Option(
                            names = "--ear",
                            paramLabel = "FILE",
                            required = true,
                            description = "File with the result: an EAR as it was signed, or its claims as JSON; - is"
                                    + " standard input.")
                    Path ear,
            @ArgGroup(multiplicity = "1") TriedPolicy tried,
            @Option(names = "--language", description = "cel or rego; else what the file's name tells (*.rego).")
                    PolicyFile.@Nullable Language language,
            @Option(names = "--json", description = "Print JSON.") boolean json)
            throws IOException {
        DryRunResourcePolicyRequest.Builder request = DryRunResourcePolicyRequest.newBuilder()
                .setPath(SecretCommand.bare(path))
                .setEar(ear(ear));
        if (tried.file == null) {
            request.setPolicyId(tried.id);
        } else {
            PolicyFile policy = PolicyFile.read(caller, tried.file, language);
            request.setText(policy.text()).setLanguage(language(policy));
        }
        DryRunResourcePolicyResponse trial =
                edge.call(channel -> admin(edge, channel).dryRunResourcePolicy(request.build()));
        if (json) {
            caller.out().println(JsonText.of(trial));
        } else {
            caller.out().println("broker  " + verdict(trial.getOwnRefusal()));
            caller.out().println("policy  " + verdict(trial.getPolicyRefusal()));
            caller.out().println(trial.getAllowed() ? "allow" : "deny");
        }
        return trial.getAllowed() ? 0 : 1;
    }

    private static String verdict(String refusal) {
        return refusal.isEmpty() ? "allows" : "refuses: " + refusal;
    }

    private String ear(Path file) throws IOException {
        byte[] bytes = caller.read(file, MAX_EAR_BYTES);
        if (bytes.length > MAX_EAR_BYTES) {
            throw new CommandException("result of " + file + ": too long (expected: at most 256 KiB)");
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private int printed(Edge edge, boolean json, Function<ResourcePolicyServiceBlockingStub, ResourcePolicy> call) {
        print(edge.call(channel -> call.apply(admin(edge, channel))), json);
        return 0;
    }

    private void print(ResourcePolicy policy, boolean json) {
        caller.out().println(json ? JsonText.of(policy) : line(policy));
    }

    private static String line(ResourcePolicy policy) {
        return new PolicyLine(
                        policy.getPolicyId(),
                        Instant.ofEpochMilli(policy.getCreatedAtMillis()).toString(),
                        policy.getActive(),
                        policy.getName(),
                        policy.getVersion(),
                        policy.getLanguage() == PolicyLanguage.POLICY_LANGUAGE_REGO)
                .toString();
    }

    private static PolicyLanguage language(PolicyFile policy) {
        return policy.isRego() ? PolicyLanguage.POLICY_LANGUAGE_REGO : PolicyLanguage.POLICY_LANGUAGE_CEL;
    }

    private static ResourcePolicyServiceBlockingStub admin(Edge edge, ManagedChannel channel) {
        return edge.asAdministrator(ResourcePolicyServiceGrpc.newBlockingStub(channel), "key-broker");
    }
}
