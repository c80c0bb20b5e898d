// SPDX-License-Identifier: Apache-2.0
package dev.realmesh.cli.command;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.Timestamps;
import dev.realmesh.proto.attestation.v1.AttestationResult;
import dev.realmesh.proto.attestation.v1.AttestationServiceGrpc;
import dev.realmesh.proto.attestation.v1.AttestationStatus;
import dev.realmesh.proto.attestation.v1.GetResultRequest;
import dev.realmesh.proto.attestation.v1.GetResultResponse;
import dev.realmesh.proto.attestation.v1.ListResultsRequest;
import dev.realmesh.proto.attestation.v1.ListResultsResponse;
import dev.realmesh.proto.attestation.v1.MeasuredImage;
import dev.realmesh.proto.attestation.v1.WatchResultsRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `realmesh attestation list|show|watch`: what was attested.
@Command(
        name = "attestation",
        description = "Results of attestation, and policies for it.",
        subcommands = PolicyCommand.class)
public final class AttestationCommand {
    /// The four statuses of an appraisal (AR4SI).
    enum Tier {
        NONE,
        AFFIRMING,
        WARNING,
        CONTRAINDICATED;

        AttestationStatus proto() {
            return AttestationStatus.valueOf("ATTESTATION_STATUS_" + name());
        }
    }

    /// Which results.
    static final class Filter {
        @Option(names = "--realm", paramLabel = "REALM", description = "Only this Realm's.")
        String realm = "";

        @Option(names = "--status", paramLabel = "STATUS", description = "Only this status: ${COMPLETION-CANDIDATES}.")
        @Nullable
        Tier status;

        @Option(
                names = "--rim",
                paramLabel = "HEX",
                converter = HexBytes.class,
                description = "Only this Realm Initial Measurement.")
        ByteString rim = ByteString.EMPTY;

        @Option(
                names = "--instance",
                paramLabel = "HEX",
                converter = HexBytes.class,
                description = "Only this platform, by its instance id.")
        ByteString instance = ByteString.EMPTY;

        @Option(
                names = "--image",
                paramLabel = "IMAGE",
                description = "Only Realms that had run this image: its digest, or the reference as it was run.")
        String image = "";

        AttestationStatus protoStatus() {
            return status == null ? AttestationStatus.ATTESTATION_STATUS_UNSPECIFIED : status.proto();
        }
    }

    private final Caller caller;

    public AttestationCommand(Caller caller) {
        this.caller = caller;
    }

    @Command(name = "list", description = "List stored results, newest first.")
    int list(
            @Mixin Edge edge,
            @ArgGroup(exclusive = false) @Nullable Filter filter,
            @Option(names = "--since", paramLabel = "TIME", description = "Only issued at TIME (RFC 3339) or later.")
                    @Nullable
                    Instant since,
            @Option(names = "--before", paramLabel = "TIME", description = "Only issued before TIME.") @Nullable
                    Instant before,
            @Option(names = "--limit", paramLabel = "N", defaultValue = "50", description = "At most N (default: 50).")
                    int limit,
            @Option(names = "--json", description = "Print JSON, one result a line.") boolean json) {
        if (limit < 1) {
            throw new CommandException.WrongUse("--limit: " + limit + " (expected: 1 or more)");
        }
        Filter only = filter == null ? new Filter() : filter;
        return edge.call(channel -> {
            AttestationServiceGrpc.AttestationServiceBlockingStub stub =
                    AttestationServiceGrpc.newBlockingStub(channel);
            ListResultsRequest.Builder request = ListResultsRequest.newBuilder()
                    .setRealmId(only.realm)
                    .setStatus(only.protoStatus())
                    .setRim(only.rim)
                    .setInstanceId(only.instance)
                    .setImage(only.image);
            if (since != null) {
                request.setIssuedFrom(time(since));
            }
            if (before != null) {
                request.setIssuedBefore(time(before));
            }
            int left = limit;
            do {
                ListResultsResponse page = stub.listResults(
                        request.setPageSize(Math.clamp(left, 1, 1000)).build());
                page.getResultsList().forEach(result -> print(result, json));
                left -= page.getResultsCount();
                request.setPageToken(page.getNextPageToken());
            } while (left > 0 && !request.getPageToken().isEmpty());
            return 0;
        });
    }

    @Command(name = "show", description = "Show one stored result.")
    int show(
            @Mixin Edge edge,
            @Parameters(paramLabel = "RESULT", description = "Name of the result.") String id,
            @Option(names = "--evidence", paramLabel = "FILE", description = "Write the evidence (CCA token) to FILE.")
                    @Nullable
                    Path evidence,
            @Option(
                            names = "--event-log",
                            paramLabel = "FILE",
                            description = "Write the event log (AAEL) that came with it to FILE.")
                    @Nullable
                    Path eventLog,
            @Option(names = "--json", description = "Print JSON.") boolean json)
            throws IOException {
        GetResultResponse found = edge.call(channel -> AttestationServiceGrpc.newBlockingStub(channel)
                .getResult(GetResultRequest.newBuilder().setResultId(id).build()));
        if (evidence != null) {
            Files.write(evidence, found.getEvidence().toByteArray());
        }
        if (eventLog != null) {
            Files.write(eventLog, found.getEventLog().toByteArray());
        }
        if (json) {
            print(found.getResult(), true);
        } else {
            caller.out().print(ResultText.of(found.getResult()));
        }
        return 0;
    }

    @Command(name = "watch", description = "Print results as they come, until interrupted.")
    int watch(
            @Mixin Edge edge,
            @ArgGroup(exclusive = false) @Nullable Filter filter,
            @Option(
                            names = "--after",
                            paramLabel = "RESULT",
                            defaultValue = "",
                            description = "First those that came after RESULT.")
                    String after,
            @Option(names = "--json", description = "Print JSON, one result a line.") boolean json) {
        Filter only = filter == null ? new Filter() : filter;
        WatchResultsRequest request = WatchResultsRequest.newBuilder()
                .setRealmId(only.realm)
                .setStatus(only.protoStatus())
                .setRim(only.rim)
                .setInstanceId(only.instance)
                .setImage(only.image)
                .setAfterResultId(after)
                .build();
        return edge.call(channel -> {
            AttestationServiceGrpc.newBlockingStub(channel)
                    .watchResults(request)
                    .forEachRemaining(next -> print(next.getResult(), json));
            return 0;
        });
    }

    private static Timestamp time(Instant instant) {
        return Timestamps.fromMillis(instant.toEpochMilli());
    }

    private void print(AttestationResult result, boolean json) {
        caller.out().println(json ? JsonText.of(result) : line(result));
        caller.out().flush();
    }

    private static String line(AttestationResult result) {
        return String.format(
                        Locale.ROOT,
                        "%s  %s  %-15s  %s  %s",
                        result.getResultId(),
                        Timestamps.toString(result.getIssuedAt()),
                        ResultText.status(result.getStatus()),
                        result.getRealmId(),
                        result.getImagesList().stream()
                                .map(MeasuredImage::getReference)
                                .collect(Collectors.joining(", ")))
                .stripTrailing();
    }
}
