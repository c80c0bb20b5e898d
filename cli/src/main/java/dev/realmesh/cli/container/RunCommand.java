// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.container;

import com.google.protobuf.ByteString;
import dev.realmesh.cli.command.Caller;
import dev.realmesh.cli.command.CommandException;
import dev.realmesh.cli.command.Edge;
import dev.realmesh.cli.command.RunOutput;
import dev.realmesh.oci.OciException;
import dev.realmesh.oci.Reference;
import dev.realmesh.proto.host.v1.HostServiceGrpc;
import dev.realmesh.proto.host.v1.LaunchRealmRequest;
import dev.realmesh.proto.host.v1.RealmShape;
import dev.realmesh.proto.host.v1.RunContainerRequest;
import dev.realmesh.proto.host.v1.SecretFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `realmesh run [-d] [-i] [-t] IMAGE [-- CMD ARG…]`: standard output, standard error and exit code are the container's
/// own.
@Command(name = "run", description = "Run a container in a Realm, in a new one unless told otherwise.")
public final class RunCommand implements Callable<Integer> {
    private static final LaunchRealmRequest NOTHING_ASKED = LaunchRealmRequest.newBuilder()
            .setShape(RealmShape.getDefaultInstance())
            .build();

    private final Caller caller;

    @Mixin
    private final Edge edge;

    @Mixin
    private final RunOptions options = new RunOptions();

    @Parameters(index = "0", paramLabel = "IMAGE", description = "Image: [host/]repository:tag or @digest.")
    private String image = "";

    @Parameters(index = "1..*", paramLabel = "CMD", description = "Runs instead of the image's own command.")
    private List<String> command = List.of();

    @Option(
            names = {"-e", "--env"},
            paramLabel = "KEY=VALUE",
            description = "Set in the container's environment.")
    private List<String> environment = List.of();

    @Option(
            names = "--decryption-key",
            paramLabel = "KBS-URI",
            description = "kbs:///repository/type/tag of a private key (PEM) that opens the image's layers.")
    private List<String> decryptionKeys = List.of();

    @Option(
            names = "--secret-file",
            paramLabel = "PATH=SEALED|PATH=@FILE",
            description = "A sealed secret (sealed.…, or in a file) that is a file of the container.")
    private List<String> secretFiles = List.of();

    @Option(names = "--initdata", paramLabel = "FILE", description = "initdata document (default: the mesh's own).")
    private @Nullable Path initdata;

    @Option(
            names = "--memory",
            paramLabel = "MIB",
            description = "Memory of the Realm, half of it for files (default: the host's); a guest image comes with"
                    + " reference values for 512, 1024, 2048, 4096 and 8192.")
    private int memoryMib;

    @Option(names = "--cpus", paramLabel = "N", description = "Virtual CPUs of the Realm (default: the host's).")
    private int cpus;

    @Option(
            names = "--guest-image",
            paramLabel = "NAME",
            description = "Guest image that the Realm is booted from, as guest or guest@kvmtool (default: the host's).")
    private String guestImage = "";

    @Option(names = "--progress", description = "Print each step and its time on standard error.")
    private boolean progress;

    @Option(names = "--json", description = "Print each event as a line of JSON, the container's output too.")
    private boolean json;

    public RunCommand(Caller caller) {
        this.caller = caller;
        this.edge = new Edge(caller);
    }

    @Override
    public Integer call() throws IOException {
        options.check();
        RunContainerRequest request = request();
        RunOutput output = new RunOutput(caller, form());
        if (options.said()) {
            requireContainersForm();
            requireNothingOfTheRealm(request);
            RunInRealm run = new RunInRealm(caller, options, output);
            return edge.call(channel -> run.run(channel, realm(request), container(request)));
        }
        return edge.call(
                channel -> output.relay(HostServiceGrpc.newBlockingStub(channel).runContainer(request)));
    }

    private RunContainerRequest request() throws IOException {
        requireReference(image);
        RunContainerRequest.Builder request = RunContainerRequest.newBuilder()
                .setImage(image)
                .addAllCommand(command)
                .addAllEnvironment(environment)
                .addAllDecryptionKeys(decryptionKeys)
                .addAllSecretFiles(SecretFileOption.all(secretFiles))
                .setGuestImage(guestImage)
                .setShape(RealmShape.newBuilder().setMemoryMib(memoryMib).setVcpus(cpus));
        if (initdata != null) {
            request.setInitdata(ByteString.copyFrom(Files.readAllBytes(initdata)));
        }
        return request.build();
    }

    private static LaunchRealmRequest realm(RunContainerRequest request) {
        return LaunchRealmRequest.newBuilder()
                .setImage(request.getImage())
                .setInitdata(request.getInitdata())
                .setShape(request.getShape())
                .setGuestImage(request.getGuestImage())
                .build();
    }

    private static dev.realmesh.proto.realm.v1.RunContainerRequest container(RunContainerRequest request) {
        return dev.realmesh.proto.realm.v1.RunContainerRequest.newBuilder()
                .setImage(request.getImage())
                .addAllCommand(request.getCommandList())
                .addAllEnvironment(request.getEnvironmentList())
                .addAllDecryptionKeys(request.getDecryptionKeysList())
                .addAllSecretFiles(request.getSecretFilesList().stream()
                        .map(RunCommand::secretFile)
                        .toList())
                .build();
    }

    private static dev.realmesh.proto.realm.v1.SecretFile secretFile(SecretFile file) {
        return dev.realmesh.proto.realm.v1.SecretFile.newBuilder()
                .setPath(file.getPath())
                .setSealed(file.getSealed())
                .build();
    }

    private void requireContainersForm() {
        if (json) {
            throw new CommandException.WrongUse("--json: not with a container that is talked to or stays");
        }
    }

    /// A Realm that is there stays as it is.
    private void requireNothingOfTheRealm(RunContainerRequest request) {
        LaunchRealmRequest asked = realm(request).toBuilder().clearImage().build();
        if (!options.realm().isEmpty() && !asked.equals(NOTHING_ASKED)) {
            throw new CommandException.WrongUse(
                    "--initdata, --memory, --cpus, --guest-image: not with --realm (expected: of a new Realm)");
        }
    }

    private RunOutput.Form form() {
        if (json) {
            return RunOutput.Form.JSON;
        }
        return progress ? RunOutput.Form.PROGRESS : RunOutput.Form.CONTAINER;
    }

    /// A Realm would refuse it too, but only after it was launched.
    private static void requireReference(String image) {
        try {
            var unused = Reference.parse(image);
        } catch (OciException.BadReference e) {
            throw new CommandException.WrongUse("IMAGE: " + e.getMessage());
        }
    }
}
