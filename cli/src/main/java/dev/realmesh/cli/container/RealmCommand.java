// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.container;

import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import dev.realmesh.cli.command.Caller;
import dev.realmesh.cli.command.CommandException;
import dev.realmesh.cli.command.Edge;
import dev.realmesh.cli.command.JsonText;
import dev.realmesh.proto.host.v1.DescribeRealmRequest;
import dev.realmesh.proto.host.v1.HostServiceGrpc;
import dev.realmesh.proto.host.v1.ListRealmsRequest;
import dev.realmesh.proto.host.v1.Realm;
import dev.realmesh.proto.host.v1.RealmDescription;
import dev.realmesh.proto.host.v1.RemoveRealmRequest;
import dev.realmesh.proto.host.v1.WatchRealmRequest;
import dev.realmesh.proto.realm.v1.ExecStart;
import dev.realmesh.proto.realm.v1.ReadLogsRequest;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `realmesh realm list|show|watch|remove|ps|exec|logs|stop`: the Realms of the host, and the containers in them.
@Command(name = "realm", description = "Realms of the host, and the containers in them.")
public final class RealmCommand {
    private static final String ONLY = "Name of the container (default: the only one).";

    private final Caller caller;

    public RealmCommand(Caller caller) {
        this.caller = caller;
    }

    @Command(name = "list", description = "List the Realms that exist now, oldest first.")
    int list(@Mixin Edge edge, @Option(names = "--json", description = "Print JSON, one Realm a line.") boolean json) {
        realms(edge).forEach(realm -> print(realm, json));
        return 0;
    }

    @Command(name = "show", description = "Show one Realm, as the machine's debugging port sees it.")
    int show(
            @Mixin Edge edge,
            @Parameters(paramLabel = "REALM", description = "Name of the Realm.") String name,
            @Option(names = "--json", description = "Print JSON.") boolean json) {
        DescribeRealmRequest request =
                DescribeRealmRequest.newBuilder().setRealmId(name).build();
        RealmDescription found = edge.call(
                        channel -> HostServiceGrpc.newBlockingStub(channel).describeRealm(request))
                .getDescription();
        caller.out().print(json ? JsonText.of(found) + System.lineSeparator() : RealmText.of(found));
        caller.out().flush();
        return 0;
    }

    @Command(name = "watch", description = "Print what changes in a Realm, until it is gone.")
    int watch(
            @Mixin Edge edge,
            @Parameters(paramLabel = "REALM", description = "Name of the Realm.") String name,
            @Option(
                            names = "--interval",
                            paramLabel = "MS",
                            defaultValue = "1000",
                            description = "How often it is looked at, 50 to 60000 ms (default: ${DEFAULT-VALUE}).")
                    long millis,
            @Option(names = "--json", description = "Print JSON, one change a line.") boolean json) {
        WatchRealmRequest request = WatchRealmRequest.newBuilder()
                .setRealmId(name)
                .setInterval(Durations.fromMillis(millis))
                .build();
        return edge.call(channel -> {
            HostServiceGrpc.newBlockingStub(channel).watchRealm(request).forEachRemaining(change -> {
                RealmDescription now = change.getDescription();
                caller.out().println(json ? JsonText.of(now) : RealmText.change(now));
            });
            return 0;
        });
    }

    @Command(name = "ps", description = "List the containers of a Realm, oldest first.")
    int containers(
            @Mixin Edge edge,
            @Parameters(paramLabel = "REALM", description = "Name of the Realm.") String realm,
            @Option(names = "--json", description = "Print JSON, one container a line.") boolean json) {
        edge.call(channel -> new ContainerCalls(caller, channel, realm).list())
                .forEach(container ->
                        caller.out().println(json ? JsonText.of(container) : ContainerCalls.line(container)));
        return 0;
    }

    @Command(
            name = "exec",
            description = "Start a further process in a container; its streams and exit code are its own.")
    int exec(
            @Mixin Edge edge,
            @Mixin ExecOptions options,
            @Parameters(index = "0", paramLabel = "REALM", description = "Name of the Realm.") String realm,
            @Parameters(index = "1..*", arity = "1..*", paramLabel = "CMD", description = "Program and arguments.")
                    List<String> command) {
        ExecStart start = options.request(command);
        return edge.call(channel -> new ContainerCalls(caller, channel, realm).exec(start));
    }

    @Command(name = "logs", description = "Print the last of what a container wrote.")
    int logs(
            @Mixin Edge edge,
            @Parameters(index = "0", paramLabel = "REALM", description = "Name of the Realm.") String realm,
            @Parameters(index = "1", arity = "0..1", defaultValue = "", paramLabel = "CONTAINER", description = ONLY)
                    String container,
            @Mixin LogOptions options) {
        ReadLogsRequest request = ReadLogsRequest.newBuilder()
                .setName(container)
                .setFollow(options.follow())
                .build();
        return edge.call(channel -> {
            new ContainerCalls(caller, channel, realm).logs(request, options.timestamps());
            return 0;
        });
    }

    @Command(name = "stop", description = "End a container by its stop signal, and by KILL after a time.")
    int stop(
            @Mixin Edge edge,
            @Parameters(index = "0", paramLabel = "REALM", description = "Name of the Realm.") String realm,
            @Parameters(index = "1", arity = "0..1", defaultValue = "", paramLabel = "CONTAINER", description = ONLY)
                    String container,
            @Option(
                            names = {"-t", "--time"},
                            paramLabel = "S",
                            defaultValue = "10",
                            description = "How long it may take before KILL, 0 to 3600 s (default: ${DEFAULT-VALUE}).")
                    int seconds) {
        if (seconds < 0 || seconds > 3600) {
            throw new CommandException.WrongUse("--time: " + seconds + " (expected: 0 to 3600)");
        }
        return edge.call(channel -> {
            new ContainerCalls(caller, channel, realm).stop(container, Duration.ofSeconds(seconds));
            return 0;
        });
    }

    @Command(name = "remove", description = "End a Realm and give its memory back; or a container of it.")
    int remove(
            @Mixin Edge edge,
            @Parameters(index = "0", paramLabel = "REALM", description = "Name of the Realm.") String realm,
            @Parameters(
                            index = "1",
                            arity = "0..1",
                            defaultValue = "",
                            paramLabel = "CONTAINER",
                            description = "Ends this container alone.")
                    String container,
            @Option(names = "--json", description = "Print the request as JSON once it is done.") boolean json) {
        if (!container.isEmpty()) {
            return edge.call(channel -> {
                new ContainerCalls(caller, channel, realm).remove(container);
                return 0;
            });
        }
        RemoveRealmRequest request =
                RemoveRealmRequest.newBuilder().setRealmId(realm).build();
        edge.call(channel -> HostServiceGrpc.newBlockingStub(channel).removeRealm(request));
        if (json) {
            caller.out().println(JsonText.of(request));
        }
        return 0;
    }

    private static List<Realm> realms(Edge edge) {
        return edge.call(channel ->
                        HostServiceGrpc.newBlockingStub(channel).listRealms(ListRealmsRequest.getDefaultInstance()))
                .getRealmsList();
    }

    private void print(Realm realm, boolean json) {
        caller.out().println(json ? JsonText.of(realm) : line(realm));
    }

    private static String line(Realm realm) {
        return String.format(
                Locale.ROOT,
                "%s  %s  %-10s  %s",
                realm.getRealmId(),
                Timestamps.toString(realm.getCreatedAt()),
                realm.getState(),
                realm.getImage());
    }
}
